"""Every code has a case that fires it alone, and what is right gives no finding.

A case is a folder: `input.*`, or `annotations/` with the batch `march`, and `expected.txt`.
"""

import ast
import inspect
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from dateline import checks, export, findings, marks, reading, settings
from dateline.checks import Rule, shape
from dateline.findings import Finding
from dateline.reading import Item
from dateline.rules import ELSEWHERE, LEVELS, RULES
from dateline.schema import Schema

CASES = Path(__file__).parent / "cases"
INVALID = sorted((CASES / "invalid").iterdir())
VALID = sorted((CASES / "valid").iterdir())
BATCH = "march"
CODE = re.compile(r"""["']([EWI]\d{3})["']""")
BY_EXPORT = {code for code, commands in ELSEWHERE.items() if "export" in commands}
# about articles or the dataset, not a line
BY_DOC_ID = {"E902", "W903", "W904", "W913", "W914", "W915", "W916", "W917"}
# defects of Dateline's own: no input makes them
WITH_A_CASE = (set(RULES) - set(ELSEWHERE) | BY_EXPORT) - {"E807", "E010"}


def code_of(case: Path) -> str:
    return case.name.split("-")[0]


def source_of(case: Path) -> str:
    """What to validate, relative to the case's folder."""
    return f"annotations/{BATCH}" if (case / "annotations").is_dir() else next(case.glob("input.*")).name


def validated(case: Path, schema: Schema, monkeypatch: pytest.MonkeyPatch) -> list[Item]:
    monkeypatch.chdir(case)
    return list(reading.read([source_of(case)], schema, rules=settings.load(Path(settings.FILE)).rules))


def exported(case: Path, schema: Schema, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    wanted = settings.load(Path(settings.FILE))
    given = {"splits": wanted.splits, "rules": wanted.rules}
    plan = export.Plan(Path("annotations"), (BATCH,), Path("exports"), BATCH, **given)
    return export.export(plan, schema).findings


def compare(case: Path, text: str, regenerate: bool) -> None:
    expected = case / "expected.txt"
    if regenerate:
        expected.write_bytes(text.encode())
    command = f"pytest tests/test_cases.py -k {case.name} --regenerate"
    assert expected.exists(), f"make it with: {command}"
    assert text == expected.read_bytes().decode(), f"if this is right, make it anew with: {command}"


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.name)
def test_invalid_fires_its_code_and_no_other(
    case: Path, schema: Schema, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, regenerate: bool
) -> None:
    if code_of(case) in BY_EXPORT:
        found = exported(case, schema, tmp_path, monkeypatch)
    else:
        found = [f for item in validated(case, schema, monkeypatch) for f in item.findings]
    found = findings.order(found)
    compare(case, "".join(f"{findings.as_text(f)}\n" for f in found), regenerate)
    assert [f.code for f in found] == [code_of(case)]
    assert all(f.file and f.line for f in found if f.code not in BY_DOC_ID)


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_valid_gives_no_finding(
    case: Path, schema: Schema, monkeypatch: pytest.MonkeyPatch, regenerate: bool
) -> None:
    items = validated(case, schema, monkeypatch)
    assert [findings.as_text(f) for item in items for f in item.findings] == []
    documents = [document for item in items for document in item.documents]
    compare(case, "".join(f"{marks.summary(document)}\n" for document in documents), regenerate)
    for d in documents:
        spans = [*d.mentions, *(trigger for event in d.events for trigger in event.triggers)]
        assert spans
        assert all(d.text[s.start : s.end] == s.text for s in spans)


def codes_in(files: Iterable[Path]) -> set[str]:
    return {
        code
        for path in files
        if path.name != "rules.py" and path.parent.name != "reasons"
        for code in CODE.findall(path.read_text("utf-8"))
    }


def run_by(module: str, src: Path) -> set[Path]:
    """The files of a module and of all in the package that it imports, also inside functions."""
    waiting, found = [module], set()
    while waiting:
        name = waiting.pop()
        path = src.joinpath(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if path in found or not path.is_file():
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dateline"):
                waiting += [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def test_the_table_names_every_code_that_the_source_can_report(root: Path) -> None:
    assert codes_in((root / "src").rglob("*.py")) == set(RULES), "src/dateline/rules.py lists every code"


def test_what_validate_runs_reports_no_code_of_other_commands(root: Path) -> None:
    assert codes_in(run_by("dateline.reading", root / "src")) == set(RULES) - set(ELSEWHERE)


def test_every_code_has_a_case() -> None:
    assert {code_of(case) for case in INVALID} == WITH_A_CASE


def test_the_table_is_in_order() -> None:
    assert {code: title.level for code, title in RULES.items()} == {code: int(code[1]) for code in RULES}
    assert {title.level for title in RULES.values()} <= set(LEVELS)
    assert list(RULES) == sorted(RULES, key=lambda code: code[1:])
    assert len({code[1:] for code in RULES}) == len(RULES), "one number, one code"
    assert len({title.title for title in RULES.values()}) == len(RULES)


@pytest.mark.parametrize("rule", checks.RULES, ids=lambda rule: rule.run.__name__)
def test_a_rule_names_its_codes_where_it_is_described(rule: Rule) -> None:
    described = (inspect.getdoc(rule.run) or "").partition(":")[0]
    assert tuple(described.split(", ")) == rule.codes


def test_shape_knows_the_codes_of_its_table() -> None:
    assert set(shape.CODES) <= set(RULES)
