"""A data sheet: what a reviewer asks of a dataset, answered from what is known of it.

The questions are those of Gebru et al. 2021, "Datasheets for Datasets". The answers are plain text, with
data in it: whoever shows them escapes them. What nobody has said is not made up.
"""

from __future__ import annotations

from dateline.agreement import Row
from dateline.numbers import Numbers
from dateline.outcome import Facts, Outcome

FEW = 30  # events; a figure about fewer says little
LOW = 0.667  # the least agreement that tentative conclusions rest on (Krippendorff 2004, chapter 11)
MACHINE = (
    "Annotators whose names begin with machine are language models that worked from the guideline and the text "
    "alone; no person has annotated what they did, and agreement between them is agreement between machine passes."
)
USES = (
    "Training and measuring systems that find events in news (triggers, arguments, attributes), claims with those "
    "who make and those who deny them, and relations between events; studying how disputes are reported."
)
NOT_FOR = (
    "As a source about the world: what is annotated is what an article says, be it true or not. Nothing about a "
    "person or an outlet should be concluded or decided from it."
)
PREPARED = (
    "Nothing was normalised: each text is as it was brought in, with its SHA-256, and offsets count its Unicode code "
    "points. Defaults of the schema are filled in where nobody answered, and marked as such."
)
SOCIAL = (
    "A system trained on it may take a denied claim for a fact, or a report for its subject; the status of an event "
    "and the views of claims are there to measure that."
)


def sheet(facts: Facts, outcome: Outcome, numbers: Numbers) -> dict[str, str]:
    """The answers by question; there is none for what is not known."""
    found = {
        "Motivation": facts.about.motivation or "",
        "Composition": composition(facts, numbers),
        "Collection": facts.about.collection or collection(numbers),
        "Annotation": annotation(facts, outcome, numbers),
        "Preparation": PREPARED,
        "Uses": USES,
        "Not to be used": NOT_FOR,
        "Personal information": personal(facts),
        "Distribution": distribution(facts, numbers),
        "Maintenance": maintenance(facts),
    }
    return {question: answer for question, answer in found.items() if answer}


def description(facts: Facts) -> str:
    """The dataset in two sentences."""
    words = (
        ""
        if facts.left_out is None
        else " The words of the articles are left out and can be put back from copies."
    )
    return (
        "News articles annotated with events: who called whom, who denied what, who sanctioned and warned whom, and "
        f"who reported it.{words}"
    )


def composition(facts: Facts, numbers: Numbers) -> str:
    """How much there is, of what time, and in which languages."""
    articles = numbers.total("languages")
    said = [f"{_many(articles, 'article')}"]
    if numbers.tables["period"].rows:
        said.append("published from {} to {}".format(*numbers.tables["period"].rows[0]))
    said.append(f"languages: {', '.join(numbers.column('languages')) or 'not known'}")
    said.append(f"publishers: {len(numbers.column('sources'))}")
    if "types" in numbers.tables:
        kinds = len(numbers.tables["types"].rows)
        said.append(f"{_many(numbers.total('types'), 'event')} of {_many(kinds, 'type')}")
    return "; ".join(said) + f". Views: {', '.join(facts.rows)}."


def collection(numbers: Numbers) -> str:
    """Where the articles come from, as far as their sources say."""
    written = sum(row[-1] for row in numbers.tables["sources"].rows if row[2] is True)
    articles = numbers.total("sources")
    if articles and written == articles:
        return "All articles were written for this dataset: what they tell of has not happened."
    some = (
        f" {written:,} of {articles:,} were written for this dataset and tell of nothing that happened."
        if written
        else ""
    )
    return f"The project brought the articles in one by one, each with its source; how they were chosen is not recorded.{some}"


def annotation(facts: Facts, outcome: Outcome, numbers: Numbers) -> str:
    """Who annotated what, by which rules, and what was made of it."""
    read = outcome.counts
    states = ", ".join(f"{n:,} {state}" for state, n in outcome.standing.items())
    people = [f"{one.name} ({one.annotations:,}{_truths(one.truths)})" for one in numbers.annotators]
    who = f" Annotators, with their annotations: {', '.join(people)}." if people else ""
    return (
        f"In Label Studio, by guideline {facts.guideline_version} and schema {facts.schema_version}: "
        f"{_many(read['annotations'], 'annotation')} in {_many(read['tasks'], 'task')} were read. Articles: {states}.{who}"
    )


def _truths(number: int) -> str:
    return f", {number:,} as ground truth" if number else ""


def annotator_kinds(numbers: Numbers) -> list[str]:
    """What is known of the annotators."""
    machines = any(one.machine for one in numbers.annotators)
    people = any(not one.machine for one in numbers.annotators)
    said = [MACHINE] if machines else []
    return said + (["People under pseudonyms; nothing else is recorded of them."] if people else [])


def agreement(numbers: Numbers) -> str:
    """What was compared, in a sentence."""
    found = numbers.agreement
    if found is None:
        return "No article has annotations by two annotators that could be compared."
    part = (
        f"{found.articles:,}"
        if found.articles == found.of
        else f"a sample of {found.articles:,} of the {found.of:,}"
    )
    return (
        f"Measured on {part} articles with annotations by two annotators or more ({_many(found.pairs, 'pair')}), ground "
        "truth apart, with what was defaulted; 95 % intervals by drawing articles."
    )


def figures(numbers: Numbers) -> list[str]:
    """Each layer's first measure with its interval."""
    found = numbers.agreement.of_measure("f1_exact", "bcubed_exact", "alpha") if numbers.agreement else {}
    return [f"{layer}: {row.measure} {value(row)}" for layer, rows in found.items() for row in rows if row]


def value(row: Row | None) -> str:
    """A measure with its interval."""
    if row is None or row.value is None:
        return ""
    return f"{row.value:.2f}" + ("" if row.low is None else f" [{row.low:.2f}, {row.high:.2f}]")


def personal(facts: Facts) -> str:
    """Whose data is in it."""
    texts = (
        "Articles name people, as news does; "
        if facts.left_out is None
        else "Names are left out with the texts; "
    )
    return f"{texts}annotators are pseudonyms, and their addresses are not kept with it."


def distribution(facts: Facts, numbers: Numbers) -> str:
    """Under which terms."""
    texts = ", ".join(numbers.column("licences")) or "not known"
    here = (
        "; the texts are not here, and have these"
        if facts.left_out is not None
        else "; licences of the texts"
    )
    return f"Annotations: {facts.about.license}{here}: {texts}."


def maintenance(facts: Facts) -> str:
    """What a next version keeps."""
    where = f" It is kept at {facts.about.url}." if facts.about.url else ""
    return (
        "Annotations are mended at their source and exported anew; what has a split keeps it, and the manifest says "
        f"of which files, by SHA-256, a version was made.{where}"
    )


def biases(numbers: Numbers) -> list[str]:
    """What there is much of, in numbers."""
    said = ["It holds what its publishers chose to report, in their words and languages."]
    for table, what in (("sources", "articles"), ("types", "events"), ("status", "events")):
        rows = numbers.tables[table].rows if table in numbers.tables else []
        total = sum(row[-1] for row in rows)
        if total:
            most = max(rows, key=lambda row: row[-1])
            name = {"sources": "publisher", "types": "type", "status": "status"}[table]
            said.append(
                f"The most frequent {name}, {most[0] or 'none given'}, has {most[-1] / total:.0%} of the {what}."
            )
    return said


def limits(facts: Facts, outcome: Outcome, numbers: Numbers) -> list[str]:
    """What to know before relying on it."""
    said = [MACHINE] if any(one.machine for one in numbers.annotators) else []
    single, chosen = outcome.standing["single"], sum(outcome.standing.values()) - len(outcome.held_back)
    if single:
        said.append(
            f"{single:,} of {chosen:,} articles have one annotation only: nobody has checked it against another."
        )
    if rare := _rare(numbers):
        said.append(f"Fewer than {FEW} events, so that figures about them say little: {', '.join(rare)}.")
    if low := _low(numbers):
        said.append(f"Agreement below {LOW}: {', '.join(low)}.")
    if outcome.held_back:
        said.append(
            f"{_many(len(outcome.held_back), 'article')} held back: see the list at the end of the card."
        )
    if any(told["count"] for kinds in facts.losses.values() for told in kinds.values()):
        said.append("Some views cannot hold all that was annotated; documents and annotations do.")
    return said


def _rare(numbers: Numbers) -> list[str]:
    found = [
        row for table in ("types", "status") if table in numbers.tables for row in numbers.tables[table].rows
    ]
    return [f"{row[0]} ({row[-1]})" for row in found if row[-1] < FEW]


def _low(numbers: Numbers) -> list[str]:
    found = numbers.agreement.of_measure("f1_exact", "bcubed_exact", "alpha") if numbers.agreement else {}
    rows = [
        row for rows in found.values() for row in rows if row and row.value is not None and row.value < LOW
    ]
    return [f"{row.layer} ({value(row)}, {_many(row.n, 'item')})" for row in rows]


def leaks(outcome: Outcome, numbers: Numbers) -> list[str]:
    """Whether something of one split is in another."""
    if outcome.splits is None:
        return []
    near = outcome.splits.near
    texts = (
        f"{_many(near, 'text')} nearly equal to one of another split"
        if near
        else "no text equals or nearly equals one of another split"
    )
    if numbers.same_events is None:
        events = "events that are in two splits were not looked for"
    elif numbers.same_events:
        events = f"{_many(numbers.same_events, 'event')} (by type, day and parties) in two splits, in different articles"
    else:
        events = "no event (by type, day and parties) is in two splits"
    return [
        f"Leaks: {texts}; {events}. Near are texts whose runs of three words have a Jaccard index of {outcome.splits.scheme.get('similarity')} or more."
    ]


def citation(facts: Facts) -> str | None:
    """BibTeX, as given or made of what is known; None where nobody is named."""
    about = facts.about
    if about.citation or not about.creators:
        return about.citation
    fields = {
        "title": facts.name,
        "author": " and ".join(f"{{{name}}}" for name in about.creators),
        "year": str(about.published.year) if about.published else None,
        "version": about.version,
        "url": about.url,
    }
    lines = [f"  {name} = {{{said}}}," for name, said in fields.items() if said]
    return "\n".join([f"@misc{{{facts.name},", *lines, "}"])


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
