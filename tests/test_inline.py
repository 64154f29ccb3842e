"""Inline marks: what can be typed, what it compiles to, and where it says that something is wrong."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline import inline
from dateline import schema as schemas
from dateline.inline import InlineError
from dateline.schema import Schema

SCHEMA = schemas.load(Path(__file__).parents[1] / "schema")
Json = dict[str, Any]


def compiled(source: str) -> tuple[str, list[Json]]:
    found = inline.compile_marks(source, SCHEMA)
    return found.text, found.results


def spans(results: list[Json]) -> list[tuple[str, int, int, str]]:
    return [
        (r["id"], r["value"]["start"], r["value"]["end"], r["value"]["labels"][0])
        for r in results
        if r["type"] == "labels"
    ]


def relations(results: list[Json]) -> list[tuple[str, str, Any]]:
    return [(r["from_id"], r["to_id"], r.get("labels")) for r in results if r["type"] == "relation"]


def answers(results: list[Json]) -> list[tuple[str, str, Any]]:
    return [
        (r["id"], r["from_name"], r["value"].get("choices") or r["value"]["text"])
        for r in results
        if r["type"] in ("choices", "textarea")
    ]


def test_the_example_of_the_module() -> None:
    text, results = compiled(
        "[Lena Orth|PERSON #k] [denied|press_denial #d speaker=k denied_claim=c strength=plain]"
        " [the story|CLAIM #c].\n[She|=k] called it [nonsense|=d]."
    )
    assert text == "Lena Orth denied the story.\nShe called it nonsense."
    assert spans(results) == [
        ("k", 0, 9, "PERSON"),
        ("d", 10, 16, "press_denial"),
        ("c", 17, 26, "CLAIM"),
        ("_4", 28, 31, "PERSON"),
        ("_5", 42, 50, "press_denial"),
    ]
    assert relations(results) == [
        ("d", "k", ["speaker"]),
        ("d", "c", ["denied_claim"]),
        ("k", "_4", ["same_entity"]),
        ("d", "_5", ["same_event"]),
    ]
    assert answers(results) == [("d", "press_denial__strength", ["plain"])]


def test_a_region_carries_its_words_and_its_control() -> None:
    _, (mention, trigger) = compiled("[Orth|PERSON] [called|phone_call]")
    assert mention == {
        "id": "_1",
        "from_name": "mention",
        "to_name": "text",
        "type": "labels",
        "value": {"start": 0, "end": 4, "text": "Orth", "labels": ["PERSON"]},
    }
    assert (trigger["from_name"], trigger["value"]["text"]) == ("trigger", "called")


def test_marks_nest_and_come_in_text_order_the_outer_first() -> None:
    text, results = compiled('"[There is [no [truth|CONTENT #t]|press_denial #d quote=q]|QUOTE #q],"')
    assert text == '"There is no truth,"'
    assert spans(results) == [("q", 1, 18, "QUOTE"), ("d", 10, 18, "press_denial"), ("t", 13, 18, "CONTENT")]


def test_offsets_are_code_points() -> None:
    text, results = compiled("🎉é\r\n[🇳🇴 Orth|PERSON]")
    assert spans(results) == [("_1", 4, 11, "PERSON")]
    assert text[4:11] == "🇳🇴 Orth"


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("denies=o", [("d", "o", ["denies"])]),
        ("speaker=a,b", [("d", "a", ["speaker"]), ("d", "b", ["speaker"])]),
        ("?=a,b", [("d", "a", None), ("d", "b", None)]),
        ("?=a speaker=b", [("d", "a", None), ("d", "b", ["speaker"])]),
        ("=o", [("o", "d", ["same_event"])]),
    ],
)
def test_roles_relations_and_joins(spec: str, said: list[Any]) -> None:
    marks = "[x|PERSON #a] [y|PERSON #b] [z|press_denial #o]"
    _, results = compiled(f"{marks} [w|press_denial #d {spec}]")
    assert relations(results) == said


def test_answers_of_all_kinds_and_quotes_around_spaces() -> None:
    _, results = compiled(
        '[x|TIME #t value=2025-03-03] [y|PERSON #p wikidata=Q42 note="who is ] this | man?"]'
        " [z|phone_call #c status=reported medium=video polarity=negative note=hm]"
    )
    assert answers(results) == [
        ("t", "value", ["2025-03-03"]),
        ("p", "wikidata", ["Q42"]),
        ("p", "note", ["who is ] this | man?"]),
        ("c", "status", ["reported"]),
        ("c", "phone_call__medium", ["video"]),
        ("c", "polarity", ["negative"]),
        ("c", "note", ["hm"]),
    ]


def test_a_spec_may_be_broken_over_lines() -> None:
    text, results = compiled("[Orth|\n  PERSON\n\t#k\n ] slept.")
    assert (text, spans(results)) == ("Orth slept.", [("k", 0, 4, "PERSON")])


def test_a_prefix_stands_before_every_id() -> None:
    found = inline.compile_marks("[x|PERSON #a] [y|=a]", SCHEMA, "a1-")
    assert [r["id"] for r in found.results if "id" in r] == ["a1-a", "a1-_2"]
    assert relations(found.results) == [("a1-a", "a1-_2", ["same_entity"])]


def test_a_label_is_taken_over_along_a_chain() -> None:
    _, results = compiled("[x|=b] [y|=c #b] [z|ORG #c]")
    assert {label for *_, label in spans(results)} == {"ORG"}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"\[x\] \| \\", r"[x] | \ "[:-1]),
        (r"a \n b", r"a \n b"),
        ("trailing \\", "trailing \\"),
        ("a | b", "a | b"),
        (r"[a \| b|PERSON]", "a | b"),
        (r"[\[sic\]|PERSON]", "[sic]"),
        ("", ""),
    ],
)
def test_escapes(source: str, text: str) -> None:
    assert compiled(source)[0] == text


@pytest.mark.parametrize(
    ("source", "line", "column", "reason"),
    [
        ("a ] b", 1, 3, "']' without a mark"),
        ("a\nbc [d", 2, 4, "'[' begins a mark that has no"),
        ("[a|PERSON", 1, 1, "the mark is not closed"),
        ("[[a|PERSON] b", 1, 1, "'[' begins a mark"),
        ("x [a|ROBOT]", 1, 3, "'ROBOT' is neither a mention label nor an event type"),
        ("x\r\ny [a|#k]", 2, 3, "the mark has no label"),
        ("[a|]", 1, 1, "the mark has no label"),
        ("[a|PERSON #k] [b|ORG #k]", 1, 15, "two marks are called #k"),
        ("[a|PERSON] [b|=k]", 1, 12, "there is no mark #k"),
        ("[a|PERSON =k]", 1, 1, "there is no mark #k"),
        ("[a|=b #a] [c|=a #b]", 1, 1, "the same as each other"),
        ("[a|=a #a]", 1, 1, "the same as each other"),
        ("[a|phone_call speaker=a]", 1, 1, "phone_call has no role, relation or question 'speaker'"),
        ("[a|phone_call caller=x]", 1, 1, "there is no mark #x"),
        ("[a|PERSON speaker=a]", 1, 1, "PERSON has no role, relation or question 'speaker'"),
        ("[a|PERSON status=reported]", 1, 1, "PERSON has no role, relation or question 'status'"),
        ("[a|PERSON ?=a]", 1, 1, "there is no mark #a"),
        ("[a|phone_call strength=plain]", 1, 1, "phone_call has no role, relation or question 'strength'"),
        ('[a|PERSON note="open]', 1, 1, "the mark is not closed"),
        ("[|PERSON]", 1, 1, "the mark is empty"),
        ("[a|PERSON ORG]", 1, 1, "the mark has two labels: PERSON and ORG"),
        ("[a|PERSON #a #b]", 1, 1, "the mark has two ids: #a and #b"),
        ("[a|=b =c]", 1, 1, "the mark has two marks that it is the same as: =b and =c"),
    ],
)
def test_an_error_says_where_and_why(source: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(InlineError) as caught:
        compiled(source)
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert reason in error.reason
    assert str(error) == f"line {line}, column {column}: {error.reason}"


def escaped(text: str) -> str:
    for char in "\\[]|":
        text = text.replace(char, f"\\{char}")
    return text


@given(st.text(st.characters()))
def test_escaped_text_comes_back(text: str) -> None:
    assert compiled(escaped(text)) == (text, [])


@given(st.lists(st.tuples(st.text(st.characters()), st.text(st.characters(), min_size=1)), max_size=5))
def test_marks_around_any_words_keep_the_text_and_find_the_words(pieces: list[tuple[str, str]]) -> None:
    source = "".join(f"{escaped(before)}[{escaped(words)}|PERSON]" for before, words in pieces)
    text, results = compiled(source)
    assert text == "".join(before + words for before, words in pieces)
    assert [text[start:end] for _, start, end, _ in spans(results)] == [words for _, words in pieces]


@given(st.text(st.sampled_from('[]|\\#=?" \n,aPERSON'), max_size=40))
def test_whatever_is_typed_compiles_or_says_where_it_does_not(source: str) -> None:
    try:
        text, results = compiled(source)
    except InlineError as error:
        place = error.line, error.column
    else:
        assert all(0 <= start < end <= len(text) for _, start, end, _ in spans(results))
        return
    lines = source.split("\n")
    assert 1 <= place[0] <= len(lines)
    assert 1 <= place[1] <= len(lines[place[0] - 1]) + 1


def test_the_schema_of_the_session_is_the_one_compiled_here(schema: Schema) -> None:
    assert schema.bundle == SCHEMA.bundle
