# Dateline: news articles in, an event-extraction dataset out. `make help` lists what there is.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup annotate push pull feedback validate export agreement check fix test test-fast lock clean

help: ## this list
	@printf 'Dateline: event-extraction datasets from news.\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\nMost take more: make export ARGS="calitoday --hold-back". Everything is set up when first needed.\n'

setup: .venv/dev.done ## the virtual environment with all that is needed to work on the code

annotate: .venv/default.done ## Label Studio with the articles in it; says where and how to log in; Ctrl-C ends it
	@$(PY) scripts/serve.py $(ARGS)

push: .venv/default.done ## bring new articles and local changes to Label Studio
	@$(PY) scripts/push.py $(ARGS)

pull: .venv/default.done ## fetch annotations from Label Studio into annotations/
	@$(PY) scripts/pull.py $(ARGS)

feedback: .venv/default.done ## write into each task how it was read and what is wrong with it
	@$(PY) scripts/watch.py --once $(ARGS)

validate: .venv/default.done ## check all annotations (findings, exit 1 on errors)
	@$(PY) scripts/validate.py $(ARGS)

export: .venv/default.done ## a Hugging Face dataset of each batch, in exports/
	@$(PY) scripts/export.py $(ARGS)

agreement: .venv/default.done ## how far annotators agree, by layer, and on what they do not
	@$(PY) scripts/agreement.py $(ARGS)

check: .venv/dev.done ## lint, types, import rules, stale generated files
	@$(PY) -m ruff format --check --quiet src scripts tests
	@$(PY) -m ruff check --quiet src scripts tests
	@$(PY) -m mypy --no-error-summary
	@.venv/bin/lint-imports --no-cache > .venv/imports.txt || { cat .venv/imports.txt; exit 1; }
	@$(PY) scripts/label_config.py --check annotations/label_config.xml
	@$(PY) scripts/guideline.py --check docs/guideline/event-types.md
	@echo 'check: all well'

fix: .venv/dev.done ## format the code, mend what lint can, make generated files anew
	@$(PY) -m ruff check --fix --quiet src scripts tests || true
	@$(PY) -m ruff format --quiet src scripts tests
	@$(PY) scripts/label_config.py --out annotations/label_config.xml
	@$(PY) scripts/guideline.py --out docs/guideline/event-types.md

test: .venv/dev.done check ## every test (under twenty minutes on two cores)
	@$(PY) -m pytest -n 2 -m 'not slow' $(ARGS)
	@$(PY) -m pytest -m slow $(ARGS)

test-fast: .venv/dev.done ## the tests that need no server and no browser (under two minutes)
	@$(PY) -m pytest -n 2 -m 'not slow' $(ARGS)

lock: .venv/dev.done ## resolve the dependencies anew into requirements/ (hashes, no addresses)
	@$(PY) -m uv --version > /dev/null 2>&1 || $(PY) -m pip install --quiet uv
	@for set in default:pyproject.toml dev:"--group dev pyproject.toml" label-studio:requirements/label-studio.in; do \
		$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header $${set#*:} -o requirements/$${set%%:*}.txt || exit 1; done

clean: ## remove what can be made again: datasets, caches, the virtual environment
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build
	@find exports -mindepth 1 -not -name .gitkeep -delete

# The environment is whole when its .done file is there; a changed lock makes it anew.
.venv/default.done: requirements/default.txt
	$(call environment,default)

.venv/dev.done: requirements/dev.txt
	$(call environment,dev)
	@touch .venv/default.done

define environment
	@test -n "$(PYTHON)" || { echo 'error: Python 3.11 or newer is needed; install it, or name one: make PYTHON=/path/to/python3' >&2; exit 2; }
	@echo 'setting up .venv ($(1)); this takes about a minute, once'
	@test -x $(PY) || $(PYTHON) -m venv .venv || { echo 'error: python3 -m venv failed; on Debian: apt-get install python3-venv' >&2; exit 2; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(1).txt
	@echo ../../../../src > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/dateline.pth"
	@touch .venv/$(1).done
endef
