"""The policies of the token views, one planted case each."""

from itertools import pairwise

import msgspec
import pytest
from articles import SCHEMA, marked

from dateline import views
from dateline.label_studio import convert
from dateline.model import Document, Event, Filler, Mention, Relation, Trigger, sha256
from dateline.views import Loss, Sheet, arguments, bio
from dateline.views.parts import Row


def record(source: str) -> Document:
    """The record of marks in a text."""
    (found,) = convert.read_task(marked("d", source), SCHEMA).documents
    return found


def spans(text: str, *words: str) -> list[tuple[int, int, str]]:
    return [(text.index(w), text.index(w) + len(w), w) for w in words]


def event(id_: str, text: str, *words: str, type_: str = "phone_call", **roles: list[str]) -> Event:
    triggers = [
        Trigger(start=s, end=e, text=w, main=not n) for n, (s, e, w) in enumerate(spans(text, *words))
    ]
    drawn = {role: [Filler(mention=m) for m in mentions] for role, mentions in roles.items()}
    return Event(id=id_, type=type_, triggers=triggers, arguments=drawn, attributes={})


def planted(
    text: str, mentions: dict[str, str], *events: Event, relations: tuple[Relation, ...] = ()
) -> Document:
    """A record with mentions (id and words) and events as they are given, canonical or not."""
    return msgspec.structs.replace(
        record("Nothing."),
        doc_id="d",
        text=text,
        text_sha256=sha256(text),
        mentions=[
            Mention(id=id_, label="PERSON", start=s, end=e, text=w)
            for id_, words in mentions.items()
            for s, e, w in spans(text, words)
        ],
        events=list(events),
        relations=list(relations),
    )


def made(view: str, document: Document) -> tuple[list[Row], list[Loss]]:
    sheet = Sheet(document, SCHEMA)
    return list(views.rows(view, sheet)), sheet.losses


def lost(losses: list[Loss]) -> list[tuple[str, str | None]]:
    return [(loss.kind, loss.text) for loss in losses]


def kept(rows: list[Row]) -> list[list[tuple[str, str]]]:
    """The tagged words of each row, with their labels."""
    return [[(" ".join(r["tokens"][a:b]), label) for a, b, label in bio.spans(r["tags"])] for r in rows]


# triggers

SAID = "They phoned again and\nspoke by phone."


@pytest.mark.parametrize(
    ("triggers", "wanted", "losses"),
    [
        ([("phoned", "phone_call")], [("phoned", "phone_call")], []),
        ([("phone", "phone_call")], [], [("off_tokens", "phone")]),
        ([("phoned ", "phone_call")], [], [("off_tokens", "phoned ")]),
        ([("and\nspoke", "phone_call")], [], [("across_sentences", "and\nspoke")]),
        (
            [("phoned again", "phone_call"), ("phoned", "phone_call"), ("again and", "statement")],
            [("phoned again", "phone_call")],
            [("overlap", "phoned"), ("overlap", "again and")],
        ),
        (
            [("phoned", "statement"), ("phoned", "phone_call")],
            [("phoned", "statement")],
            [("overlap", "phoned")],
        ),
        (
            [("phoned", "phone_call"), ("phoned", "phone_call")],
            [("phoned", "phone_call")],
            [("shared", "phoned")],
        ),
        (
            [("phoned", "phone_call"), ("again", "phone_call")],
            [("phoned", "phone_call"), ("again", "phone_call")],
            [],
        ),
    ],
)
def test_triggers(
    triggers: list[tuple[str, str]], wanted: list[tuple[str, str]], losses: list[tuple[str, str]]
) -> None:
    events = [event(f"e{n}", SAID, words, type_=type_) for n, (words, type_) in enumerate(triggers)]
    rows, found = made("triggers", planted(SAID, {}, *events))
    assert (kept(rows), lost(found)) == ([wanted, []], losses)


def test_the_identity_of_an_event_is_lost_once_however_many_triggers() -> None:
    rows, losses = made("triggers", planted(SAID, {}, event("e1", SAID, "phoned", "spoke", "again")))
    assert kept(rows) == [[("phoned", "phone_call"), ("again", "phone_call")], [("spoke", "phone_call")]]
    assert [(loss.kind, loss.event) for loss in losses] == [("identity", "e1")]


def test_a_row_for_each_sentence_with_its_place_in_the_article() -> None:
    text = "  One. Two 👨\u200d👩\u200d👧 e\u0301!\n\nThree"
    rows, losses = made("triggers", planted(text, {}))
    assert [(r["sentence"], text[r["start"] : r["end"]], r["tags"]) for r in rows] == [
        (0, "One.", ["O", "O"]),
        (1, "Two 👨\u200d👩\u200d👧 e\u0301!", ["O"] * 4),
        (2, "Three", ["O"]),
    ]
    assert rows[1]["starts"] == [7, 11, 17, 19]
    assert losses == []


# arguments

CALL = "Ann Lee of Norland phoned Bo."
PEOPLE = {"m1": "Ann Lee of Norland", "m2": "Norland", "m3": "Bo", "m4": "Le", "m5": "Bo."}


@pytest.mark.parametrize(
    ("roles", "wanted", "losses"),
    [
        ({"participant": ["m1", "m3"]}, [("Ann Lee of Norland", "participant"), ("Bo", "participant")], []),
        (
            {"participant": ["m1"], "place": ["m2"]},
            [("Ann Lee of Norland", "participant")],
            [("overlap", "Norland")],
        ),
        ({"participant": ["m3"], "caller": ["m3"]}, [("Bo", "participant")], [("two_roles", "Bo")]),
        ({"participant": ["m4"]}, [], [("off_tokens", "Le")]),
        ({"participant": ["m3", "m5"]}, [("Bo .", "participant")], [("overlap", "Bo")]),
        ({"participant": ["m3", "m3"]}, [("Bo", "participant")], [("same_span", "Bo")]),
    ],
)
def test_arguments(
    roles: dict[str, list[str]], wanted: list[tuple[str, str]], losses: list[tuple[str, str]]
) -> None:
    rows, found = made("arguments", planted(CALL, PEOPLE, event("e1", CALL, "phoned", **roles)))
    assert (kept(rows), lost(found)) == ([wanted], losses)
    assert all(loss.mention and loss.role for loss in found)


def test_a_trigger_inside_a_token_takes_its_arguments_with_it() -> None:
    whole = event("e1", CALL, "phone", participant=["m3"])
    rows, losses = made("arguments", planted(CALL, PEOPLE, whole))
    assert rows == []
    assert [(x.kind, x.text, x.role, x.mention) for x in losses] == [
        ("trigger_off_tokens", "phone", None, None),
        ("trigger_off_tokens", "Bo", "participant", "m3"),
    ]


def test_an_argument_is_in_the_window_or_lost() -> None:
    far = "Ann rang. " + "Much was said of it by many. " * 40 + "Bo knew."
    document = planted(far, {"m1": "Ann", "m2": "Bo"}, event("e1", far, "rang", participant=["m1", "m2"]))
    rows, losses = made("arguments", document)
    assert kept(rows) == [[("Ann", "participant")]]
    assert lost(losses) == [("outside_window", "Bo")]
    assert 190 < len(rows[0]["tokens"]) <= arguments.WINDOW
    assert rows[0]["tokens"][-1] == "."


@pytest.mark.parametrize(
    ("lengths", "sentence", "wanted"),
    [
        ([3, 3, 3], 1, (0, 9)),
        ([300], 0, (0, 300)),
        ([100, 150, 10, 10], 1, (100, 270)),  # nothing before fits, all after does
        ([90, 90, 10, 90, 90], 2, (90, 280)),  # one on each side, no more
        ([90, 90, 30, 90, 5], 2, (90, 210)),  # the one before first; a shorter one further on is not reached
        ([20] * 30, 15, (200, 400)),
        ([20] * 30, 0, (0, 200)),
        ([20] * 30, 29, (400, 600)),
    ],
)
def test_windows_grow_to_both_sides_in_turn(
    lengths: list[int], sentence: int, wanted: tuple[int, int]
) -> None:
    bounds = [sum(lengths[:n]) for n in range(len(lengths) + 1)]
    sentences = list(pairwise(bounds))
    assert arguments.window(sentences, sentence, bounds[sentence + 1]) == wanted


def test_a_trigger_that_goes_on_into_the_next_sentence_has_both() -> None:
    assert arguments.window([(0, 150), (150, 300), (300, 310)], 0, 151) == (0, 300)
    document = planted(SAID, {}, event("e1", SAID, "and\nspoke"))
    (row,), losses = made("arguments", document)
    assert (row["tokens"][row["trigger_first"] : row["trigger_last"]], losses) == (["and", "spoke"], [])


# relations


def pairs(document: Document) -> set[tuple[tuple[int, int], str]]:
    return {((r["head_start"], r["tail_start"]), r["label"]) for r in made("relations", document)[0]}


def several(n: int) -> tuple[str, list[Event]]:
    text = " ".join(f"call{k}" for k in range(n))
    return text, [event(f"e{k + 1}", text, f"call{k}") for k in range(n)]


def test_two_relations_of_one_pair_are_two_rows() -> None:
    text, events = several(2)
    both = tuple(Relation(type=type_, head="e1", tail="e2") for type_ in ("denies", "in_response_to"))
    rows, _ = made("relations", planted(text, {}, *events, relations=both))
    assert [(r["head"], r["tail"], r["label"]) for r in rows] == [
        ("e1", "e2", "denies"),
        ("e1", "e2", "in_response_to"),
        ("e2", "e1", "none"),
    ]


@pytest.mark.parametrize(
    ("n", "related", "negatives"), [(0, 0, 0), (1, 0, 0), (2, 0, 1), (5, 0, 1), (5, 3, 3), (2, 1, 1)]
)
def test_as_many_negatives_as_related_pairs(n: int, related: int, negatives: int) -> None:
    text, events = several(n)
    drawn = tuple(Relation(type="denies", head="e1", tail=f"e{k + 2}") for k in range(related))
    labels = [r["label"] for r in made("relations", planted(text, {}, *events, relations=drawn))[0]]
    assert (labels.count("denies"), labels.count("none")) == (related, negatives)


def test_negatives_do_not_hang_on_ids_and_differ_between_articles() -> None:
    text, events = several(8)
    drawn = tuple(Relation(type="denies", head="e1", tail=f"e{k + 2}") for k in range(4))
    first = planted(text, {}, *events, relations=drawn)
    renamed = {e.id: f"e{20 - n}" for n, e in enumerate(events)}
    change = msgspec.structs.replace
    other = change(
        first,
        events=[change(e, id=renamed[e.id]) for e in events],
        relations=[change(r, head=renamed[r.head], tail=renamed[r.tail]) for r in drawn],
    )
    assert pairs(first) == pairs(other)
    assert len({frozenset(pairs(change(first, doc_id=f"d{n}"))) for n in range(20)}) > 10


def test_another_event_draws_few_negatives_anew() -> None:
    text, events = several(8)
    drawn = tuple(Relation(type="denies", head="e1", tail=f"e{k + 2}") for k in range(7))
    fewer = pairs(planted(text, {}, *events[:-1], relations=drawn[:-1]))
    more = pairs(planted(text, {}, *events, relations=drawn))
    assert len(fewer & more) >= 8  # six are related, of six drawn ones at least two stay


# sentences


def test_what_the_windows_of_one_sentence_cannot_hold() -> None:
    text = "Ann phoned Bo.\nThe call came late, Cy said."
    document = planted(
        text,
        {"m1": "Ann", "m2": "Bo", "m3": "Cy", "m4": "o.\nThe", "m5": "Bo.\nThe"},
        event("e1", text, "phoned", participant=["m1", "m2", "m3", "m4", "m5"]),
        event("e2", text, "cal", participant=["m3"]),
        event("e3", text, "late", "said", participant=["m2", "m3"]),
        relations=(Relation(type="denies", head="e1", tail="e3"),),
    )
    rows, losses = made("sentences", document)
    assert [[m["id"] for m in r["entity_mentions"]] for r in rows] == [["d-0-m1", "d-0-m2"], ["d-1-m3"]]
    said = {m["id"]: [a["text"] for a in m["arguments"]] for r in rows for m in r["event_mentions"]}
    assert said == {"d-0-e1.1": ["Ann", "Bo"], "d-1-e3.1": [], "d-1-e3.2": ["Cy"]}
    assert sorted((x.kind, x.event or "", x.mention or "") for x in losses) == [
        ("across_sentences", "", "m5"),
        ("mention_lost", "e1", "m4"),
        ("mention_lost", "e1", "m5"),
        ("off_tokens", "", "m4"),
        ("off_tokens", "e2", ""),
        ("other_window", "e1", "m3"),
        ("other_window", "e3", "m2"),
        ("relation", "e1", ""),
        ("trigger_lost", "e2", "m3"),
    ]


def test_a_window_is_what_oneie_and_textee_read() -> None:
    (row,), losses = made(
        "sentences", record("[Ann Lee|PERSON #a] [phoned|phone_call participant=a,b] [Bo Ek|PERSON #b].")
    )
    assert losses == []
    assert {**row, "starts": 0, "ends": 0} == {
        "doc_id": "d",
        "wnd_id": "d-0",
        "start": 0,
        "end": 21,
        "text": "Ann Lee phoned Bo Ek.",
        "lang": "und",
        "tokens": ["Ann", "Lee", "phoned", "Bo", "Ek", "."],
        "starts": 0,
        "ends": 0,
        "entity_mentions": [
            {"id": f"d-0-{m}", "entity_type": "PERSON", "mention_type": "UNK", "text": t, "start": s, "end": e, "entity": n}
            for m, t, s, e, n in (("m1", "Ann Lee", 0, 2, "n1"), ("m2", "Bo Ek", 3, 5, "n2"))
        ],
        "event_mentions": [
            {
                "id": "d-0-e1.1",
                "event_type": "phone_call",
                "trigger": {"text": "phoned", "start": 2, "end": 3},
                "arguments": [
                    {"entity_id": "d-0-m1", "role": "participant", "text": "Ann Lee", "start": 0, "end": 2},
                    {"entity_id": "d-0-m2", "role": "participant", "text": "Bo Ek", "start": 3, "end": 5},
                ],
                "event": "e1",
            }
        ],
    }  # fmt: skip
