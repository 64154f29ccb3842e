"""Each rule has a function, a case, a reason with an example that holds, and its place on the page."""

import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from articles import SCHEMA
from test_cases import BY_EXPORT, CASES, WITH_A_CASE, codes_in, source_of

from dateline import checks, export, inline, reading, rulebook, settings, store
from dateline.checks import Rule
from dateline.findings import Finding
from dateline.label_studio import write
from dateline.model import Article, Source, sha256
from dateline.reasons import BYTES, FILE, MARKS, PUBLISHED, REASONS, WORDS
from dateline.rules import ELSEWHERE, RULES, may_be_lowered

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules" / "README.md"
# with a case, but no stretch of its file that could be mended alone: too long, or something is not there
ONLY_WORDS = {"E003", "E008", "E213", "E804", "I812", "I814", "I815", "I819", "E820"}
MARKED = [code for code in REASONS if REASONS[code].form == MARKS]
IN_FILES = [code for code in REASONS if REASONS[code].form in (FILE, BYTES)]


def marked(source: str, folder: Path) -> list[Finding]:
    """The findings on an article with these marks, as validate gives them."""
    compiled = inline.compile_marks(source, SCHEMA)
    given = Source(published_at=PUBLISHED, language="en")
    article = Article(
        doc_id="harbour-call", text=compiled.text, text_sha256=sha256(compiled.text), source=given
    )
    task = write.article_task(article, SCHEMA.version, SCHEMA.guideline_version)
    task["annotations"] = [{"completed_by": "a1", "result": compiled.results}]
    path = folder / "input.json"
    path.write_bytes(store.task_text(task).encode())
    return [f for item in reading.read([path], SCHEMA) for f in item.findings]


def found_in(case: Path, code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """The findings on a case's copy in this folder."""
    monkeypatch.chdir(folder)
    if code not in BY_EXPORT:
        return [f for item in reading.read([source_of(case)], SCHEMA) for f in item.findings]
    wanted = settings.load(Path(settings.FILE))
    plan = export.Plan(Path("annotations"), ("march",), Path("exports"), "march", rules=wanted.rules)
    return export.export(plan, SCHEMA).findings


def test_no_rule_without_a_reason_and_no_reason_without_a_rule() -> None:
    assert set(REASONS) == set(RULES)
    for reason in REASONS.values():
        assert all(text.strip() for text in (reason.why, reason.mend, reason.bad))
        assert reason.why.endswith((".", ".)"))
        assert reason.bad != reason.good


def test_no_rule_without_a_function(root: Path) -> None:
    """Every code stands in the source beside what finds it; those of a record in one function, named by it."""
    assert codes_in((root / "src").rglob("*.py")) == set(RULES)
    having = [code for rule in checks.RULES for code in rule.codes]
    assert len(having) == len(set(having))


@pytest.mark.parametrize("rule", checks.RULES, ids=lambda rule: rule.run.__name__)
def test_a_function_says_what_holds(rule: Rule) -> None:
    described = (inspect.getdoc(rule.run) or "").partition(": ")
    assert described[0].split(", ") == list(rule.codes)
    assert described[2].endswith(".")


def test_words_alone_are_an_example_only_where_no_input_of_ours_can_show_it() -> None:
    told = {code for code in REASONS if REASONS[code].form == WORDS}
    assert told - set(ELSEWHERE) == ONLY_WORDS
    assert set(MARKED) | set(IN_FILES) <= WITH_A_CASE


@pytest.mark.parametrize("code", MARKED)
def test_the_bad_example_fires_its_rule_alone_and_the_mended_one_none(code: str, tmp_path: Path) -> None:
    assert [f.code for f in marked(REASONS[code].bad, tmp_path)] == [code]
    assert [f.code for f in marked(REASONS[code].good, tmp_path)] == []


@pytest.mark.parametrize("code", IN_FILES)
def test_mending_a_case_as_its_reason_says_mends_it(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = (bytes_of(text, REASONS[code].form) for text in (REASONS[code].bad, REASONS[code].good))
    for case in sorted((CASES / "invalid").glob(f"{code}-*")):
        holding = [
            p for p in case.rglob("*") if p.is_file() and p.name != "expected.txt" and bad in p.read_bytes()
        ]
        if holding:
            break
    else:
        pytest.fail(f"no case of {code} holds {REASONS[code].bad!r}")
    copy = shutil.copytree(case, tmp_path / "case")
    assert code in {f.code for f in found_in(case, code, copy, monkeypatch)}
    for path in holding:
        place = copy / path.relative_to(case)
        place.write_bytes(path.read_bytes().replace(bad, good))
    after = found_in(case, code, copy, monkeypatch)
    assert code not in {f.code for f in after}
    assert not [f for f in after if f.severity != "info"]


def bytes_of(text: str, form: str) -> bytes:
    return text.encode().decode("unicode_escape").encode("latin-1") if form == BYTES else text.encode()


def test_the_page_is_fresh_and_has_every_rule_with_its_example() -> None:
    page = rulebook.page()
    assert PAGE.read_text(encoding="utf-8") == page, "make it anew: make fix"
    for code in RULES:
        assert page.count(f"\n### {code}\n") == 1
        entry = page.partition(f"\n### {code}\n")[2].partition("\n###")[0]
        assert RULES[code].title in entry
        assert REASONS[code].why in entry
        assert entry.index("\nBad") < entry.index("\nMended")
    assert all(f"`{name}`" in page for name in settings.Thresholds.__struct_fields__)


def test_what_was_dropped_is_listed_with_a_reason(root: Path) -> None:
    """Every code that was proposed is a rule, or in the table of what is not."""
    proposal = root.parent / "shared" / "rules" / "rules.json"
    if not proposal.is_file():
        pytest.skip("the proposal is not here")
    proposed = {rule["code"] for rule in json.loads(proposal.read_bytes())["rules"]}
    rows = (root / "docs/rules/dropped.md").read_text(encoding="utf-8").splitlines()
    dropped = {row.split("|")[1].strip(): row.split("|")[3].strip() for row in rows if row.startswith("| ")}
    assert proposed - set(RULES) == set(dropped) - {"code"}
    assert all(len(reason) > 20 for code, reason in dropped.items() if code != "code")


# --explain


def validate(*words: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "scripts" / "validate.py", *words, "--schema", ROOT / "schema"]
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=environment, timeout=60)


def test_explain_tells_title_reason_remedy_and_example() -> None:
    done = validate("--explain", "w412")
    assert (done.returncode, done.stderr) == (0, "")
    reason = REASONS["W412"]
    for part in (f"W412 {RULES['W412'].title}", reason.why, reason.mend, reason.bad, reason.good):
        assert part in done.stdout


@pytest.mark.parametrize("code", RULES)
def test_every_code_can_be_explained(code: str) -> None:
    assert rulebook.explain(code).startswith(f"{code} {RULES[code].title}")


@pytest.mark.parametrize(("code", "near"), [("E412", "W412"), ("E20", "E201"), ("nonsense", "no code")])
def test_an_unknown_code_is_an_error_with_what_comes_near(code: str, near: str) -> None:
    done = validate("--explain", code)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"there is no code {code!r}" in done.stderr
    assert near in done.stderr


# Configuration


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "dateline.toml"


def test_a_severity_holds_in_validate_and_in_its_exit_code(tmp_path: Path, config: Path) -> None:
    shutil.copy(CASES / "invalid" / "W207-half-a-word" / "input.json", tmp_path / "input.json")
    shutil.copy(CASES / "invalid" / "E404-two-callers" / "input.json", tmp_path / "two.json")
    ends = {}
    for said in ('W207 = "error"', 'W207 = "off"\nE404 = "warning"', 'W207 = "info"\nE404 = "off"'):
        config.write_text(f"[rules]\n{said}\n")
        done = validate("input.json", "two.json", cwd=tmp_path)
        ends[said] = (done.returncode, done.stdout.splitlines()[-1])
    assert list(ends.values()) == [
        (1, "found: 2 errors, 0 warnings, 0 info"),
        (0, "found: 0 errors, 1 warning, 0 info"),
        (0, "found: 0 errors, 0 warnings, 1 info"),
    ]
    done = validate("input.json", "--format", "json", "--config", "none.toml", cwd=tmp_path)
    (row,) = json.loads(done.stdout)
    assert (row["code"], row["severity"], "chosen" in row) == ("W207", "warning", False)


def test_a_warning_raised_to_an_error_holds_an_article_back_from_the_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(CASES / "invalid" / "W905-no-title", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for severity, written in (("warning", True), ("error", False)):
        rules = settings.RuleSettings(severity={"W905": severity})
        plan = export.Plan(Path("annotations"), ("march",), Path("exports"), severity, rules=rules)
        outcome = export.export(plan, SCHEMA)
        assert ([f.severity for f in outcome.findings], outcome.path is not None) == ([severity], written)


def test_a_threshold_holds(tmp_path: Path, config: Path) -> None:
    shutil.copy(CASES / "invalid" / "W410-long-trigger" / "input.json", tmp_path / "input.json")
    codes = []
    for most in (5, 50):
        config.write_text(f"[rules.thresholds]\ntrigger_words = {most}\n")
        codes.append([f.code for item in reading.read([tmp_path / "input.json"], SCHEMA, rules=settings.load(config).rules) for f in item.findings])  # fmt: skip
    assert codes == [["W410"], []]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[rules]\nW999 = "off"', "there is no code 'W999'"),
        ('[rules]\nw207 = "off"', "did you mean W207"),
        ('[rules]\nW207 = "loud"', "off, info, warning or error"),
        ("[rules]\nW207 = true", "off, info, warning or error"),
        ('[rules]\nE201 = "off"', "E201: this error cannot be turned off or lowered"),
        ('[rules]\nE403 = "warning"', "cannot be turned off"),
        ("[rules.thresholds]\ntrigger_word = 6", "trigger_words"),
        ("[rules.thresholds]\ntrigger_words = 0", "`int` >= 1"),
        ("rules = 3", "rules.thresholds.trigger_words"),
        ("[rule]\n", "rules.<code>"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(
    text: str, said: str, tmp_path: Path, config: Path
) -> None:
    config.write_text(text)
    done = validate("--explain", "E201", cwd=tmp_path)
    assert done.returncode == 0, "the configuration has no say in it"
    done = validate("input.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {config.name}: ")
    assert said in done.stderr


def test_errors_that_protect_exactness_stay() -> None:
    lowered = {code for code in RULES if code.startswith("E") and may_be_lowered(code)}
    assert {RULES[code].level for code in lowered} <= {4, 5, 6, 7}
    assert not lowered & {"E401", "E402", "E403", "E406", "E407", "E408", "E501"}, "the schema's shape"
