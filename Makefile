# Dateline: news articles in, an event-extraction dataset out. `make help` lists what there is.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
ARGS ?=
# of push, pull, validate and export: the same as its name in ARGS
BATCH ?=

.DEFAULT_GOAL := help
.PHONY: help setup annotate push pull feedback validate export publish agreement leaks report adjudicate score train migrate audit bench new check check-lint check-types check-imports check-generated fix generate test test-fast lock clean

help: ## this list
	@printf 'Dateline: event-extraction datasets from news.\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\nMost take more: make export ARGS="calitoday --hold-back". Everything is set up when first needed.\n'

setup: .venv/dev.done ## the virtual environment with all that is needed to work on the code

annotate: .venv/default.done ## Label Studio with the articles in it; says where and how to log in; Ctrl-C ends it
	@$(PY) scripts/serve.py $(ARGS)

push: .venv/default.done ## bring new articles and local changes to Label Studio
	@$(PY) scripts/push.py $(BATCH) $(ARGS)

pull: .venv/default.done ## fetch annotations from Label Studio into annotations/
	@$(PY) scripts/pull.py $(BATCH) $(ARGS)

feedback: .venv/default.done ## write into each task how it was read and what is wrong with it
	@$(PY) scripts/watch.py --once $(ARGS)

validate: .venv/default.done ## check all annotations (findings, exit 1 on errors)
	@$(PY) scripts/validate.py $(if $(BATCH),annotations/$(BATCH)) $(ARGS)

export: .venv/default.done ## a Hugging Face dataset of each batch, in exports/
	@$(PY) scripts/export.py $(BATCH) $(ARGS)

publish: .venv/default.done ## bring a dataset to the Hugging Face Hub: ARGS="exports/sample --repo NAME --dry-run"
	@$(PY) scripts/publish.py $(ARGS)

leaks: .venv/default.done ## what leaks between the splits of a dataset: ARGS="exports/sample"
	@$(PY) scripts/leaks.py $(ARGS)

report: .venv/default.done ## a page to look at: charts, and every article with its annotations; ARGS="exports/mine"
	@$(if $(ARGS),,$(PY) scripts/export.py sample > .venv/export.txt || { cat .venv/export.txt; exit 1; })
	@$(PY) scripts/report.py $(or $(ARGS),exports/sample)

agreement: .venv/default.done ## how far annotators agree, by layer, and on what they do not
	@$(PY) scripts/agreement.py $(ARGS)

score: .venv/default.done ## how good predictions are: make score ARGS="exports/sample predictions.jsonl"
	@$(PY) scripts/score.py $(ARGS)

adjudicate: .venv/default.done ## settle where annotators differ: ARGS="merge BATCH", push, pull
	@$(PY) scripts/adjudicate.py $(ARGS)

train: .venv/train.done ## a small model of the sample corpus, on the CPU, in minutes; ARGS="--data exports/mine --model NAME"
	@$(PY) scripts/export.py sample > .venv/export.txt || { cat .venv/export.txt; exit 1; }
	@$(PY) scripts/train.py --data exports/sample --model small $(ARGS)

migrate: .venv/default.done ## what a changed schema does to the annotations: ARGS="OLD --moves FILE --write"
	@$(PY) scripts/migrate.py $(ARGS)

audit: .venv/default.done ## look the locked packages up among known vulnerabilities (needs a network)
	@test -x .venv/audit/bin/pip-audit || { $(PY) -m venv .venv/audit && .venv/audit/bin/python -m pip install --quiet pip-audit; }
	@$(PY) scripts/audit.py --python .venv/audit/bin/python $(ARGS)

bench: .venv/dev.done ## measure validation, export and what others use (an hour; ARGS="--sizes 1000" is a minute)
	@$(PY) scripts/bench.py $(ARGS)

new: .venv/default.done ## an empty dataset project with event types of your own: NAME=../fires TYPES="wildfire flood"
	@test -n "$(NAME)" || { echo 'error: say where: make new NAME=../fires TYPES="wildfire flood"' >&2; exit 2; }
	@$(PY) scripts/new.py "$(NAME)" $(TYPES)

check: .venv/dev.done ## lint, types, import rules, stale generated files: seconds, at each save
	@$(MAKE) --no-print-directory -j check-lint check-types check-imports check-generated
	@echo 'check: all well'

check-lint:
	@$(PY) -m ruff format --check --quiet src scripts tests
	@$(PY) -m ruff check --quiet src scripts tests

check-types:
	@$(PY) -m mypy --no-error-summary

check-imports:
	@.venv/bin/lint-imports --no-cache > .venv/imports.txt || { cat .venv/imports.txt; exit 1; }

check-generated:
	@$(PY) scripts/label_config.py --check annotations/label_config.xml
	@$(PY) scripts/guideline.py --check
	@$(PY) scripts/rules.py --check docs/rules/README.md
	@$(PY) scripts/licences.py --check docs/licences.md

fix: .venv/dev.done ## format the code, mend what lint can, make generated files anew
	@$(PY) -m ruff check --fix --quiet src scripts tests || true
	@$(PY) -m ruff format --quiet src scripts tests
	@$(MAKE) --no-print-directory generate

generate: .venv/default.done ## make anew what the schema gives: labeling config, guideline, rule page
	@$(PY) scripts/label_config.py --out annotations/label_config.xml
	@$(PY) scripts/guideline.py
	@$(PY) scripts/rules.py --out docs/rules/README.md
	@$(PY) scripts/licences.py --out docs/licences.md

test: .venv/dev.done .venv/train.done check ## every test (under twenty minutes on two cores)
	@$(PY) -m pytest -n 2 -m 'not slow' $(ARGS)
	@$(PY) -m pytest -n 2 --dist loadfile -m slow $(ARGS)

test-fast: .venv/dev.done ## the quick tests: no server, no browser, no long files
	@$(PY) -m pytest -n 2 -m 'not slow and not thorough' $(ARGS)

lock: .venv/dev.done ## resolve the dependencies anew into requirements/ (hashes, no addresses)
	@$(PY) -m uv --version > /dev/null 2>&1 || $(PY) -m pip install --quiet uv
	@for set in dev:"--group dev pyproject.toml" default:"-c requirements/dev.txt pyproject.toml" label-studio:requirements/label-studio.in; do \
		$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header $${set#*:} -o requirements/$${set%%:*}.txt || exit 1; done
	@cuda=$$($(LOCK_TRAIN) | sed -nE 's/^((nvidia|cuda|triton)[a-z0-9-]*)==.*/--no-emit-package \1/p'); \
		$(LOCK_TRAIN) --generate-hashes --no-emit-package torch $$cuda -o requirements/train.txt

LOCK_TRAIN = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-header \
	--extra train -c requirements/dev.txt -c requirements/torch.txt pyproject.toml

clean: ## remove what can be made again: datasets, caches, the virtual environment
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build
	@find exports -mindepth 1 -not -name .gitkeep -delete

# The environment is whole when its .done file is there; a changed lock makes it anew.
.venv/default.done: requirements/default.txt
	$(call environment,default)

.venv/dev.done: requirements/dev.txt
	$(call environment,dev)
	@touch .venv/default.done

# PyTorch comes second and without hashes: see requirements/torch.txt.
.venv/train.done: requirements/train.txt requirements/torch.txt
	$(call environment,train,-r requirements/torch.txt)
	@touch .venv/default.done

define environment
	@test -n "$(PYTHON)" || { echo 'error: Python 3.11 or newer is needed; install it, or name one: make PYTHON=/path/to/python3' >&2; exit 2; }
	@echo 'setting up .venv ($(1)); this takes about a minute, once'
	@test -x $(PY) || { made=$$(test -e .venv || echo .venv); $(PYTHON) -m venv .venv; } || \
		{ test -z "$$made" || rm -rf .venv; echo 'error: python3 -m venv failed; on Debian: apt-get install python3-venv' >&2; exit 2; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(1).txt
	$(if $(2),@$(PY) -m pip install --quiet --disable-pip-version-check $(2))
	@echo ../../../../src > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/dateline.pth"
	@touch .venv/$(1).done
endef
