"""Every older version of the schema that was ever kept still migrates, step by step, to the one of today.

A step is a folder `tests/migrations/<from>-<to>/`: `schema.json` (the older schema, as an export carries it),
`annotations/march/` (made under it), `moves.toml`, and what comes out: `expected/` and `plan.txt`. `released.json` is the
schema of today's version as it was when that was given: whoever raises the version makes a new step of it.
"""

import json
import shutil
from pathlib import Path

import pytest

from dateline import bundle, findings, reading
from dateline.migration import changes, moves, plan, told, versions
from dateline.schema import Schema

STEPS = Path(__file__).parent / "migrations"
FOLDERS = sorted(path for path in STEPS.iterdir() if path.is_dir())


def ends(step: Path) -> tuple[str, str]:
    """The two versions of a step."""
    before, _, after = step.name.partition("-")
    return before, after


def schema_of(version: str, today: Schema) -> Schema:
    """The schema of a version: that of the step that begins with it, else today's."""
    kept = next(STEPS.glob(f"{version}-*/schema.json"), None)
    if kept is None:
        assert today.version == version, (
            f"keep the schema {version}: make tests/migrations/{version}-{today.version}/"
        )
        return today
    return bundle.read(kept)


def tried(step: Path, annotations: Path, today: Schema) -> plan.Plan:
    old, new = (schema_of(version, today) for version in ends(step))
    return plan.plan(old, new, moves.load(step / "moves.toml", old, new), annotations)


def files_in(folder: Path) -> dict[str, str]:
    return {p.name: p.read_bytes().decode() for p in sorted(folder.rglob("*.json"))}


def errors(folder: Path, schema: Schema) -> list[str]:
    found = [f for item in reading.read([folder], schema) for f in item.findings]
    return [findings.as_text(f) for f in found if f.severity == "error" or f.code == "W103"]


def test_todays_schema_is_where_the_last_step_leads(schema: Schema) -> None:
    assert FOLDERS
    froms, tos = ({ends(step)[n] for step in FOLDERS} for n in (0, 1))
    assert tos - froms == {schema.version}, "the version was raised: keep the schema before it as a step"


def test_who_changes_the_schema_raises_its_version(schema: Schema, regenerate: bool) -> None:
    """Words, colours and hotkeys may change within a version; then `--regenerate`."""
    path = STEPS / "released.json"
    released = bundle.read(path) if path.exists() else schema
    found = changes.compare(released, schema, moves.Moves())
    broken = versions.check(released, schema, changes.needed(found), path)
    told_ = "\n".join(f"{c.level} {c.kind} {c.name}: {c.said}" for c in found)
    assert broken == [] or changes.needed(found) == "patch", (
        f"{told_}\nraise x-schema-version, keep released.json as a step"
    )
    assert released.version == schema.version or regenerate, "make a step of released.json, then --regenerate"
    if regenerate:
        path.write_text(json.dumps(schema.bundle, ensure_ascii=False) + "\n", encoding="utf-8")


def test_the_changelog_says_what_changed(schema: Schema, root: Path) -> None:
    lines = (root / "schema" / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert f"## {schema.version}" in lines


@pytest.mark.parametrize("step", FOLDERS, ids=lambda step: step.name)
def test_a_step_gives_what_it_gave(step: Path, schema: Schema, tmp_path: Path, regenerate: bool) -> None:
    annotations = Path(shutil.copytree(step / "annotations", tmp_path / "annotations"))
    assert errors(annotations, schema_of(ends(step)[0], schema)) == []
    made = tried(step, annotations, schema)
    assert made.findings == []
    plan.write(made)
    assert errors(annotations, schema_of(ends(step)[1], schema)) == []
    lines = [line for line in told.lines(made) if not line.lstrip().startswith("patch")]
    report = "\n".join(lines) + "\n"
    if regenerate:
        shutil.copytree(annotations, step / "expected", dirs_exist_ok=True)
        (step / "plan.txt").write_text(report, encoding="utf-8")
    command = f"pytest tests/test_migrate_fixtures.py -k {step.name} --regenerate"
    assert files_in(annotations) == files_in(step / "expected"), (
        f"if this is right, make it anew with: {command}"
    )
    assert report == (step / "plan.txt").read_text(encoding="utf-8"), f"if this is right: {command}"
    again = tried(step, annotations, schema)
    assert set(again.counts()) == {plan.DONE}
    assert plan.write(again) == []


@pytest.mark.parametrize("first", FOLDERS, ids=lambda step: step.name)
def test_all_steps_one_after_the_other_lead_to_today(first: Path, schema: Schema, tmp_path: Path) -> None:
    annotations = Path(shutil.copytree(first / "annotations", tmp_path / "annotations"))
    version = ends(first)[0]
    while step := next(STEPS.glob(f"{version}-*"), None):
        plan.write(tried(step, annotations, schema))
        version = ends(step)[1]
    assert version == schema.version
    assert errors(annotations, schema) == []


def test_what_came_back_from_an_older_schema_is_the_corpus_as_it_is(schema: Schema) -> None:
    """The step's annotations are articles of the sample corpus in older names: an oracle that no move wrote."""
    expected = files_in(STEPS / "0.9.0-1.0.0" / "expected")
    corpus = files_in(Path(__file__).parents[1] / "annotations" / "sample")
    common = expected.keys() & corpus.keys()
    assert len(common) == 3
    assert {name: expected[name] for name in common} == {name: corpus[name] for name in common}
