"""The dataset card of an exported folder: YAML for the Hub, and what a reader needs to know."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from dateline import loss_report, text_free, views
from dateline.addresses import ADDRESS
from dateline.outcome import Facts, Outcome
from dateline.splits import SPLITS
from dateline.statistics import Table, tables
from dateline.views import features

NAME = "README.md"
_OURS = "CC-BY-4.0"
_RIGHTS, _ABSENT = "Rights", "The texts are not here"
_NO_LICENCE = [
    "",
    "`NOASSERTION` means that nobody has granted a licence: the text remains its publisher's, stands here so that",
    "the annotations can be checked, and must not be passed on without asking.",
]
_SCHEMES = {
    "hash": "Articles were placed by a hash of the oldest member of their group (shares {shares}).",
    "time": "Articles were placed by date: test begins on {test_from} (validation: {validation_from}); a group goes by its oldest member.",
    "given": "Articles were placed as the file {file} says (SHA-256 {sha256}).",
}
_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)


def text(facts: Facts, folder: Path, outcome: Outcome) -> str:
    """The card. `folder` holds the Parquet files, which the statistics are computed from."""
    found = tables(folder, facts)
    return _head(facts, found) + "\n".join(_body(facts, outcome, found)) + "\n"


def with_texts(card: str, facts: Facts, folder: Path) -> str:
    """The card of a dataset whose words were left out, now that they are back; `facts` tell of the new files."""
    found = tables(folder, facts)
    sections = ("\n" + card.partition("\n---\n\n")[2]).split("\n## ")
    rights = "\n".join(_rights(facts, found)).removeprefix("## ")
    body = [rights if s.startswith(_RIGHTS) else s for s in sections if not s.startswith(_ABSENT)]
    return _head(facts, found) + "\n## ".join(body).removeprefix("\n")


def _head(facts: Facts, found: dict[str, Table]) -> str:
    import yaml

    return (
        f"---\n{yaml.safe_dump(_yaml(facts, found), sort_keys=False, allow_unicode=True, width=1000)}---\n\n"
    )


def _yaml(facts: Facts, found: dict[str, Table]) -> dict[str, Any]:
    licenses = sorted({str(row[0]) for row in found["licences"].rows})
    if facts.left_out is not None:
        licenses = [_OURS]
    single = licenses[0].lower() if len(licenses) == 1 and licenses[0] != "NOASSERTION" else None
    languages = sorted({str(row[0]) for row in found["languages"].rows} - {"und"})
    articles = sum(facts.rows.get("documents", {}).values())
    return {
        "pretty_name": facts.name,
        "license": single or "other",
        **({} if single else {"license_name": "texts-of-their-publishers"}),
        **({"language": languages} if languages else {}),
        "task_categories": ["token-classification", "text-classification"],
        "task_ids": ["named-entity-recognition"],
        "tags": ["event-extraction", "news", "argument-extraction", "claims"],
        "size_categories": [next((name for limit, name in _SIZES if articles < limit), "n>10M")],
        "configs": [_config(view, facts) for view in _loadable(facts)],
        "dataset_info": [_info(view, facts) for view in _loadable(facts)],
    }


def _loadable(facts: Facts) -> list[str]:
    """The views that have rows at all: a config without a file cannot be loaded."""
    return [view for view, by_split in facts.rows.items() if any(by_split.values())]


def _config(view: str, facts: Facts) -> dict[str, Any]:
    files = [{"split": s, "path": f"{view}/{s}-*"} for s in SPLITS if facts.rows[view][s]]
    default = {"default": True} if view == _default(facts) else {}
    return {"config_name": view, **default, "data_files": files}


def _default(facts: Facts) -> str | None:
    """The view that loads where none is named; None where no view has a row."""
    loadable = _loadable(facts)
    return views.DEFAULT if views.DEFAULT in loadable else next(iter(loadable), None)


def _info(view: str, facts: Facts) -> dict[str, Any]:
    written = [file for file in facts.files if file.view == view]
    return {
        "config_name": view,
        "features": features.yaml_list(views.COLUMNS[view]),
        "splits": [{"name": f.split, "num_bytes": f.memory, "num_examples": f.rows} for f in written],
        "download_size": sum(f.bytes for f in written),
        "dataset_size": sum(f.memory for f in written),
    }


def _body(facts: Facts, outcome: Outcome, found: dict[str, Table]) -> list[str]:
    return [
        f"# {escaped(facts.name)}",
        "",
        "News articles annotated with events: who called whom, who denied what, who sanctioned and warned whom,",
        "and who reported it. Made with Dateline from annotations in Label Studio.",
        "",
        *_loading(facts),
        "Offsets are half-open Unicode code points: `text[start:end]` is the span's text, always.",
        "",
        *_views(facts),
        *_splits(outcome),
        *_losses(facts),
        *_absent(facts),
        *_rights(facts, found),
        *_process(facts, outcome),
        "## Statistics",
        "",
        *(line for table in found.values() if table.title and table.rows for line in _table(table)),
        *_held_back(outcome),
    ]


def _loading(facts: Facts) -> list[str]:
    view = _default(facts)
    if view is None:
        return ["No view has a row: there is nothing to load.", ""]
    call = f'{view} = load_dataset("path/to/{facts.name}", "{view}")'
    return ["```python", "from datasets import load_dataset", "", call, "```", ""]


def _views(facts: Facts) -> list[str]:
    lines = [
        "## Views",
        "",
        "| config | " + " | ".join(SPLITS) + " | what it holds |",
        "|---" * (len(SPLITS) + 2) + "|",
    ]
    for view, by_split in facts.rows.items():
        counts = " | ".join(str(by_split[s]) for s in SPLITS)
        lines.append(f"| {view} | {counts} | {views.VIEWS[view].meaning} |")
    empty = [f"{view} {split}" for view, splits in facts.empty.items() for split in splits]
    if empty:
        lines += [
            "",
            f"Splits without a row have no file and are not listed in the YAML: {', '.join(empty)}.",
        ]
    return [*lines, ""]


def _splits(outcome: Outcome) -> list[str]:
    if outcome.splits is None:
        return []
    scheme, together = outcome.splits.scheme, outcome.splits.together
    said = {name: escaped(_in_words(value)) for name, value in scheme.items()}
    lines = [
        "## Splits",
        "",
        _SCHEMES[scheme["strategy"]].format(**said),
        f"Equal and nearly equal texts are one group; groups of several articles: {len(together)}. Nothing that was",
        "placed is ever moved.",
    ]
    lacks = outcome.splits.lacking.items()
    if lacks:
        missing = [f"{split} has no {', '.join(map(escaped, types))}" for split, types in lacks]
        lines += ["", f"Of the event types of this dataset, {'; '.join(missing)}."]
    return [*lines, ""]


def _losses(facts: Facts) -> list[str]:
    """What the views could not hold, by view and kind, with what was done about it."""
    if not facts.losses:
        return []
    lines = [
        "## What the views leave out",
        "",
        f"Where a view cannot hold everything, this is what it does, and how often it had to. `{loss_report.NAME}`, which",
        "is there where there are any, lists every item. Views that are not named here leave nothing out.",
        "",
        "| view | kind | items | what happens |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {view} | {kind} | {told['count']} | {escaped(told['policy'])} |"
        for view, kinds in facts.losses.items()
        for kind, told in kinds.items()
    ]
    return [*lines, ""]


def _absent(facts: Facts) -> list[str]:
    if facts.left_out is None:
        return []
    out = f" Views that consist of words are left out: {', '.join(facts.left_out)}." if facts.left_out else ""
    return [
        f"## {_ABSENT}",
        "",
        "This dataset may be passed on where its articles may not: it has offsets, labels, answers, hashes and sources,",
        f"and nulls in place of texts, titles, notes and the words of spans and tokens.{out}",
        "",
        f"`{text_free.NAME}` lists the articles. Whoever holds copies of them puts the words back, proven by SHA-256:",
        "",
        "```console",
        "$ python scripts/rehydrate.py path/to/this/folder --articles path/to/articles",
        "```",
        "",
    ]


def _in_words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "none" if value is None else str(value)


def _rights(facts: Facts, found: dict[str, Table]) -> list[str]:
    here = facts.left_out is None
    lines = [
        f"## {_RIGHTS}",
        "",
        f"The annotations are the project's own ({_OURS}). "
        + (
            "The texts have the licences of their sources:"
            if here
            else "The texts, which are not here, have these:"
        ),
        "",
        "| publisher | licence of the text | written for this dataset | articles |",
        "|---|---|---|---|",
    ]
    lines += ["| " + " | ".join(escaped(str(cell)) for cell in row) + " |" for row in found["sources"].rows]
    if here and any("NOASSERTION" in row for row in found["sources"].rows):
        lines += _NO_LICENCE
    return [*lines, ""]


def _process(facts: Facts, outcome: Outcome) -> list[str]:
    read = outcome.counts
    standing = ", ".join(f"{n} {state}" for state, n in outcome.standing.items())
    return [
        "## How it was annotated",
        "",
        f"Guideline {facts.guideline_version}, schema {facts.schema_version}; batches: {', '.join(map(escaped, facts.batches))}.",
        f"{read['annotations']} annotations of articles in {read['tasks']} tasks were read. For each article one counts;",
        f"articles: {standing} (adjudicated: a ground truth was made of several annotations; agreed: all are equal;",
        "single: there is only one; held back: not in this dataset).",
        "",
        "Annotators whose names begin with `machine` are language models that worked from the guideline and the text",
        "alone, blind to each other; `ground_truth` is what adjudication made of their annotations. No person has",
        "annotated what they did; agreement between them is agreement between machine passes.",
        "",
    ]


def _table(table: Table) -> list[str]:
    head = "| " + " | ".join(table.head) + " |"
    body = ["| " + " | ".join(escaped(str(cell)) for cell in row) + " |" for row in table.rows]
    return [f"### {table.title}", "", head, "|---" * len(table.head) + "|", *body, ""]


def _held_back(outcome: Outcome) -> list[str]:
    if not outcome.held_back:
        return []
    lines = ["## Held back", "", "| article | why |", "|---|---|"]
    lines += [
        f"| {escaped(h.doc_id)} | {escaped(h.reason)} |"
        for h in sorted(outcome.held_back, key=lambda h: h.doc_id)
    ]
    return lines


def escaped(data: str) -> str:
    """Data as Markdown text: nothing in it is markup or an e-mail address, and it stays on its line."""
    plain = ADDRESS.sub("…", " ".join(data.split()))
    safe = re.sub(r"([\\`*_{}\[\]()#+!|~$^=-])", r"\\\1", plain)
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")
