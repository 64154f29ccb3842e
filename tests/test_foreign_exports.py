"""Exports of projects with other configs: all is read that can be, the rest is said, each against a golden."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from articles import ROOT

from dateline import findings, reading, schema

FOLDER = Path(__file__).parent / "foreign"
SCHEMA_OF = {
    "api_tasks_list": "probe",
    "export_JSON": "probe",
    "export_JSON_MIN": "probe",
    "export_JSON_default": "probe",
    "seed_ui_browser": "browser",
    "special_snapshot_full": "browser",
    "special_states": "browser",
    "torture_symbol": "browser",
}
# what the same questions are called with us
NAMES = {"arg": "mention", "argument": "mention", "factuality": "status", "norm_note": "value"}
COMMAND = ".venv/bin/python tests/test_foreign_exports.py"
RENAMED = ("export_JSON", "export_JSON_default", "seed_ui_browser", "torture_symbol")
CASES = [*((name, False) for name in SCHEMA_OF), *((name, True) for name in RENAMED)]


def loaded(name: str) -> schema.Schema:
    """The small schema, with the project's own record and meta-schema."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(FOLDER / name, folder, dirs_exist_ok=True)
        for shared in ("document.schema.json", "x-keywords.schema.json"):
            shutil.copy(ROOT / "schema" / shared, folder)
        return schema.load(folder)


def items(name: str, as_ours: bool, folder: Path) -> list[reading.Item]:
    """What reading the export gives; `as_ours`: with its controls named as our config names them."""
    plain = json.loads((FOLDER / f"{name}.json").read_bytes())
    path = folder / f"{name}.json"
    path.write_text(json.dumps(_renamed(plain) if as_ours else plain, ensure_ascii=False, indent=1))
    return list(reading.read([path], loaded(SCHEMA_OF[name])))


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: NAMES.get(v, v) if k == "from_name" else _renamed(v) for k, v in value.items()}
    return [_renamed(v) for v in value] if isinstance(value, list) else value


def report(read: list[reading.Item]) -> str:
    """Each article: what came out of it, and the findings on it."""
    lines = []
    for item in read:
        counts = ", ".join(f"{n} {name}" for name, n in item.counts.items() if n)
        lines.append(f"# {item.doc_id or '?'}: {counts or 'nothing'}")
        for d in item.documents:
            arguments = sum(len(f) for e in d.events for f in e.arguments.values())
            known = f"{len(d.mentions)} mentions, {len(d.events)} events, {arguments} arguments"
            lines.append(f"{d.annotation.annotator}: {known}, {len(d.relations)} relations")
        found = findings.order(item.findings)
        lines += [f"{f.code} {f.annotator or '-'} {f.message}" + f" [{f.hint}]" * bool(f.hint) for f in found]
    return "\n".join(lines) + "\n"


def golden(name: str, as_ours: bool) -> Path:
    return FOLDER / f"{name}{'.as-ours' if as_ours else ''}.expected.txt"


@pytest.mark.parametrize(("name", "as_ours"), CASES)
def test_findings_are_those_of_the_golden(name: str, as_ours: bool, tmp_path: Path) -> None:
    wanted = golden(name, as_ours).read_text(encoding="utf-8")
    assert report(items(name, as_ours, tmp_path)) == wanted, f"if that is right: {COMMAND}"


def test_every_file_has_a_case_and_every_golden_a_file() -> None:
    assert {p.stem for p in FOLDER.glob("*.json")} == set(SCHEMA_OF)
    assert set(FOLDER.glob("*.expected.txt")) == {golden(*case) for case in CASES}


@pytest.mark.parametrize("name", SCHEMA_OF)
def test_no_address_comes_out(name: str, tmp_path: Path) -> None:
    read = items(name, True, tmp_path)
    out = [msgspec.json.encode(d).decode() for item in read for d in item.documents]
    out += [findings.as_json(item.findings) for item in read]
    out += [findings.as_text(f) + findings.as_github(f) for item in read for f in item.findings]
    assert "@" not in "".join(out)


def test_the_snapshots_have_addresses_to_lose() -> None:
    assert (FOLDER / "special_snapshot_full.json").read_text().count("@example.com") > 3


@pytest.mark.parametrize("name", [n for n in SCHEMA_OF if n not in ("api_tasks_list", "export_JSON_MIN")])
def test_each_submitted_annotation_is_a_record_and_nothing_else_is(name: str, tmp_path: Path) -> None:
    plain = json.loads((FOLDER / f"{name}.json").read_bytes())
    read = items(name, False, tmp_path)
    assert len(read) == len(plain)
    for task, item in zip(plain, read, strict=True):
        states = ["skipped" if a["was_cancelled"] else "submitted" for a in task["annotations"]]
        drafts, predictions = len(task.get("drafts") or []), len(task.get("predictions") or [])
        assert len(item.documents) == states.count("submitted")
        assert (item.counts["skipped"], item.counts["drafts"], item.counts["predictions"]) == (
            states.count("skipped"),
            drafts,
            predictions,
        )
        said = [f.message for f in item.findings]
        assert sum("was skipped" in m for m in said) == states.count("skipped")
        assert sum("unsubmitted draft" in m for m in said) == bool(drafts)
        assert sum("prediction(s) and no annotation" in m for m in said) == (predictions > 0 and not states)


@pytest.mark.parametrize("name", SCHEMA_OF)
def test_every_span_that_is_read_is_the_text_at_its_offsets(name: str, tmp_path: Path) -> None:
    for document in (d for item in items(name, True, tmp_path) for d in item.documents):
        for span in (*document.mentions, *(t for e in document.events for t in e.triggers)):
            assert document.text[span.start : span.end] == span.text != ""


def test_the_same_annotations_as_array_lines_and_files_give_the_same(tmp_path: Path) -> None:
    plain = json.loads((FOLDER / "torture_symbol.json").read_bytes())
    small = loaded("browser")
    lines = tmp_path / "lines.jsonl"
    lines.write_text("".join(json.dumps(t) + "\n" for t in plain))
    folder = tmp_path / "files"
    folder.mkdir()
    for n, task in enumerate(plain):
        (folder / f"{n}.json").write_text(json.dumps(task, indent=2))
    ways = [FOLDER / "torture_symbol.json", lines, folder]
    read = [[d for item in reading.read([way], small) for d in item.documents] for way in ways]
    assert read[0] == read[1] == read[2]


def regenerate() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            new = report(items(*case, Path(folder)))
            path = golden(*case)
            if not path.exists() or path.read_text(encoding="utf-8") != new:
                path.write_text(new, encoding="utf-8")
                yield f"written: {path.relative_to(ROOT)}\n"


if __name__ == "__main__":
    sys.stdout.writelines(regenerate())
