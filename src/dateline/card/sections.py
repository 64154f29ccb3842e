"""The sections of a card that tell how the dataset is laid out, what it leaves out, and whose it is."""

from __future__ import annotations

from dateline import datasheet, loss_report, text_free, views
from dateline.card.head import default
from dateline.card.markdown import escaped, fenced, table
from dateline.numbers import Numbers
from dateline.outcome import Facts, Outcome
from dateline.splits import SPLITS

_NO_LICENCE = [
    "`NOASSERTION` means that nobody has granted a licence: the text remains its publisher's, stands here so that",
    "the annotations can be checked, and must not be passed on without asking.",
    "",
]
_SCHEMES = {
    "hash": "Articles were placed by a hash of the oldest member of their group (shares {shares}).",
    "time": "Articles were placed by date: test begins on {test_from} (validation: {validation_from}); a group goes by its oldest member.",
    "given": "Articles were placed as the file {file} says (SHA-256 {sha256}).",
}


def loading(facts: Facts) -> list[str]:
    """How to load it."""
    view = default(facts)
    if view is None:
        return ["No view has a row: there is nothing to load.", ""]
    call = f'{view} = load_dataset("path/to/{facts.name}", "{view}")'
    return ["```python", "from datasets import load_dataset", "", call, "```", ""]


def layout(facts: Facts) -> list[str]:
    """The views with their rows by split."""
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


def splits(outcome: Outcome, numbers: Numbers) -> list[str]:
    """How articles were placed, and whether anything leaks from one split into another."""
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
        "",
        *(escaped(told) for told in datasheet.leaks(outcome, numbers)),
        "`scripts/leaks.py` looks again, in this dataset or in any other.",
    ]
    lacks = outcome.splits.lacking.items()
    if lacks:
        missing = [f"{split} has no {', '.join(map(escaped, types))}" for split, types in lacks]
        lines += ["", f"Of the event types of this dataset, {'; '.join(missing)}."]
    return [*lines, ""]


def losses(facts: Facts) -> list[str]:
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


def absent(facts: Facts) -> list[str]:
    """What is not here in a dataset without words, and how it is put back."""
    if facts.left_out is None:
        return []
    out = f" Views that consist of words are left out: {', '.join(facts.left_out)}." if facts.left_out else ""
    return [
        "## The texts are not here",
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


def rights(facts: Facts, numbers: Numbers) -> list[str]:
    """The licences of annotations and texts."""
    here = facts.left_out is None
    texts = "have the licences of their sources" if here else "which are not here, have these"
    sources = numbers.tables["sources"].rows
    lines = [
        "## Rights",
        "",
        f"The annotations are the project's own ({facts.about.license}). The texts{'' if here else ','} {texts}:",
        "",
        *table(("publisher", "licence of the text", "written for this dataset", "articles"), sources),
    ]
    return lines + (_NO_LICENCE if here and any("NOASSERTION" in row for row in sources) else [])


def citation(facts: Facts) -> list[str]:
    """How to cite it."""
    known = datasheet.citation(facts)
    if known is None:
        return []
    return ["## Citation", "", *fenced(known, "bibtex")]


def statistics(numbers: Numbers) -> list[str]:
    """The counts."""
    lines = ["## Statistics", ""]
    for found in numbers.tables.values():
        if found.title and found.rows:
            lines += [f"### {found.title}", "", *table(found.head, found.rows)]
    return lines


def held_back(outcome: Outcome) -> list[str]:
    """The articles that are not here, and why."""
    if not outcome.held_back:
        return []
    rows = [(h.doc_id, h.reason) for h in sorted(outcome.held_back, key=lambda h: h.doc_id)]
    return ["## Held back", "", *table(("article", "why"), rows)]
