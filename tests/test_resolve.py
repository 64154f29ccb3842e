"""Which annotation of an article counts."""

import msgspec
import pytest
from articles import CALL, SCHEMA, marked

from dateline import resolve
from dateline.label_studio import convert
from dateline.model import Document, content

OTHER = CALL.replace("medium=telephone", "medium=video")


def made(*sources: str, truths: tuple[int, ...] = ()) -> list[Document]:
    task = marked("d", *(s.format("d") for s in sources))
    for n, annotation in enumerate(task["annotations"]):
        annotation["ground_truth"] = n in truths
    return convert.read_task(task, SCHEMA).documents


def test_the_only_one_counts() -> None:
    (document,) = made(CALL)
    assert resolve.resolve([document]) == resolve.Decision(document, resolve.ONLY)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_ground_truth_beats_what_others_agree_on(n: int) -> None:
    documents = made(CALL, CALL, CALL, truths=(n,))
    assert resolve.resolve(documents) == resolve.Decision(documents[n], resolve.GROUND_TRUTH)


def test_two_ground_truths_are_an_error_even_if_equal() -> None:
    decision = resolve.resolve(made(CALL, CALL, OTHER, truths=(0, 1)))
    assert (decision.document, decision.code) == (None, "E911")


@pytest.mark.parametrize("turned", [False, True])
def test_of_equal_ones_the_first_annotator_counts(turned: bool) -> None:
    documents = made(CALL, CALL)
    decision = resolve.resolve(documents[::-1] if turned else documents)
    assert (decision.document, decision.reason) == (documents[0], resolve.EQUAL)


@pytest.mark.parametrize(
    "sources", [(CALL, OTHER), (CALL, CALL, OTHER), (CALL, "[Ann Lee|PERSON] phoned Bo Ek about story {}.")]
)
def test_different_ones_are_held_back(sources: tuple[str, ...]) -> None:
    decision = resolve.resolve(made(*sources))
    assert (decision.document, decision.code) == (None, "W912")
    assert "a1, a2" in decision.reason


def test_no_annotation_is_none() -> None:
    assert resolve.resolve([]).document is None


# What makes two annotations equal


def test_regions_notes_people_and_defaults_do_not_make_a_difference() -> None:
    one, two = made(CALL, CALL.replace(" medium=telephone", " medium=telephone note=unsure status=asserted"))
    assert one.mentions[0].region != two.mentions[0].region
    assert one.events[0].defaulted != two.events[0].defaulted
    assert content(one) == content(two)


def drawn_differently(document: Document) -> list[Document]:
    """The record with one thing said differently each."""
    change = msgspec.structs.replace
    (event,), (first, *rest) = document.events, document.mentions
    fillers = event.arguments["participant"]
    return [
        change(document, mentions=[change(first, label="GROUP"), *rest]),
        change(document, mentions=[change(first, end=first.end - 1), *rest]),
        change(document, mentions=[change(first, entity="n2"), *rest]),
        change(document, mentions=[change(first, attributes={"value": "2025"}), *rest]),
        change(document, entities=[change(document.entities[0], wikidata="Q1"), *document.entities[1:]]),
        change(document, events=[change(event, type="statement")]),
        change(document, events=[change(event, triggers=[change(event.triggers[0], start=0)])]),
        change(document, events=[change(event, arguments={"caller": fillers})]),
        change(document, events=[change(event, arguments={"participant": fillers[:1]})]),
        change(document, events=[change(event, attributes={**event.attributes, "status": "denied"})]),
        change(document, events=[]),
        change(document, text_sha256="0" * 64),
    ]


def test_everything_that_is_said_makes_a_difference() -> None:
    (document,) = made(CALL)
    assert [
        n for n, other in enumerate(drawn_differently(document)) if content(other) == content(document)
    ] == []
