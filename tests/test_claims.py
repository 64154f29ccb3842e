"""The view `claims`: who makes a claim, who denies it, and how the article leaves it."""

from collections import Counter

import pytest
from articles import ROOT, SCHEMA
from hypothesis import HealthCheck, given, settings
from strategies import records

from dateline import reading, resolve
from dateline.inline import compile_marks
from dateline.label_studio import convert
from dateline.model import Document
from dateline.views import Row, Sheet, claims

GOLDEN = ROOT / "tests" / "golden" / "claims.txt"
properties = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def chosen(batch: str) -> list[Document]:
    """The annotations of a batch that count."""
    items = reading.read([ROOT / "annotations" / batch], SCHEMA)
    found = (resolve.resolve([d for d in i.documents if i.sound(d)]).document for i in items)
    return sorted((d for d in found if d), key=lambda d: d.doc_id)


def rows(source: str) -> list[Row]:
    """The claims of a text with marks."""
    compiled = compile_marks(source, SCHEMA)
    task = {"data": {"doc_id": "d", "text": compiled.text}, "annotations": [{"result": compiled.results}]}
    (record,) = convert.read_task(task, SCHEMA).documents
    return list(claims.rows(Sheet(record, SCHEMA)))


def side(parties: list[Row]) -> list[tuple[str | None, str | None, str | None]]:
    return [(p["text"], p["role"], p["claim_role"]) for p in parties]


def told(row: Row) -> str:
    """A claim as the golden has it."""
    lines = [f"  «{row['claim']['text']}» ({row['status'] or 'nobody says so'}, {len(row['mentions'])})"]
    for name in ("makers", "deniers", "others"):
        for p in row[name]:
            how = "" if p["claim_role"] else ", through what it denies"
            who = f"{p['text']} ({p['role']} of" if p["role"] else "nobody named ("
            lines.append(f"    {name}: {who} {p['event']} {p['type']}{how})".replace("( ", "("))
    return "\n".join(lines)


def test_the_claims_of_the_sample_article_and_all_contested_ones_read_as_in_the_golden(
    regenerate: bool,
) -> None:
    parts = []
    for batch in ("calitoday", "sample"):
        for document in chosen(batch):
            found = list(claims.rows(Sheet(document, SCHEMA)))
            shown = [told(r) for r in found if batch == "calitoday" or r["status"] != "reported"]
            parts += [f"{document.doc_id}\n" + "\n".join(shown)] if shown else []
    text = "\n\n".join(parts) + "\n"
    if regenerate:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8"), "pytest tests/test_claims.py --regenerate"


def test_one_query_lists_each_claim_of_the_sample_article_with_who_makes_and_who_denies_it() -> None:
    (article,) = chosen("calitoday")
    found = list(claims.rows(Sheet(article, SCHEMA)))
    assert [row["status"] for row in found] == ["disputed", *["reported"] * 7]
    contested = found[0]
    assert {p["text"] for p in contested["makers"]} == {
        None, "The Wall Street Journal", "anonymous sources", "Reuters", "Kyodo News",
    }  # fmt: skip
    assert {p["text"] for p in contested["deniers"]} == {"Minoru Kihara", "Japanese government"}
    strength = {a["name"]: a["value"] for a in contested["deniers"][0]["attributes"]}
    assert strength["strength"] == "categorical"


CLAIM = "[rain fell|CLAIM #c]"
SAID = "[Ann|PERSON #a] [said|statement #s speaker=a content=c act=describe] that "


def test_a_claim_that_is_only_made_is_reported_and_one_that_is_only_denied_is_denied() -> None:
    (row,) = rows(f"{SAID}{CLAIM}.")
    assert (row["status"], side(row["makers"]), row["deniers"]) == (
        "reported",
        [("Ann", "speaker", "content")],
        [],
    )
    (row,) = rows(f"[Bo|PERSON #b] [denied|press_denial speaker=b denied_claim=c] that {CLAIM}.")
    assert (row["status"], row["makers"]) == ("denied", [])
    assert side(row["deniers"]) == [("Bo", "speaker", "denied_claim")]


def test_whom_a_denial_names_as_the_source_makes_the_claim() -> None:
    (row,) = rows(
        f"[Bo|PERSON #b] [denied|press_denial speaker=b denied_claim=c claim_source=w] what the [Star|MEDIA #w] "
        f"said, that {CLAIM}."
    )
    assert (row["status"], side(row["makers"])) == ("disputed", [("Star", "claim_source", "denied_claim")])


@pytest.mark.parametrize("answer", ["polarity=negative", "status=planned", "status=denied"])
def test_what_did_not_take_place_neither_makes_nor_denies(answer: str) -> None:
    denial = f"[Bo|PERSON #b] [denied|press_denial speaker=b denied_claim=c {answer}] it"
    (row,) = rows(f"{SAID}{CLAIM}; {denial}.")
    assert (row["status"], row["deniers"]) == ("reported", [])
    assert side(row["others"]) == [("Bo", "speaker", "denied_claim")]
    (row,) = rows(f"[Ann|PERSON #a] [said|statement speaker=a content=c act=describe {answer}] that {CLAIM}.")
    assert (row["status"], row["makers"], len(row["others"])) == (None, [], 1)


def test_a_denial_without_a_claim_denies_those_of_what_it_denies() -> None:
    (row,) = rows(f"{SAID}{CLAIM}. [Bo|PERSON #b] [denied|press_denial speaker=b denies=s] it.")
    assert (row["status"], side(row["deniers"])) == ("disputed", [("Bo", "speaker", None)])


def test_a_denial_of_what_did_not_take_place_denies_no_claim() -> None:
    (row,) = rows(
        f"[Ann|PERSON #a] [would not say|statement #s speaker=a content=c act=comment polarity=negative] that {CLAIM}."
        " [Bo|PERSON #b] [denied|press_denial speaker=b denies=s] it."
    )
    assert (row["status"], row["deniers"], len(row["others"])) == (None, [], 1)


def test_a_denial_with_a_claim_denies_no_other_one_of_the_report() -> None:
    first, second = rows(
        f"{SAID}{CLAIM}. [Bo|PERSON #b] [denied|press_denial speaker=b denied_claim=d denies=s] that"
        " [it was wet|CLAIM #d]."
    )
    assert (first["status"], second["status"]) == ("reported", "denied")


def test_a_denied_set_without_claims_stands_for_its_members() -> None:
    (row,) = rows(
        f"The [Star|MEDIA #w] [wrote|media_report publisher=w reported_claim=c subevent_of=set] that {CLAIM}. "
        "[Bo|PERSON #b] [denied|press_denial speaker=b denies=set] all [reports|media_report #set kind=set]."
    )
    assert (row["status"], side(row["deniers"])) == ("disputed", [("Bo", "speaker", None)])


def test_an_event_that_names_nobody_still_counts() -> None:
    (row,) = rows(f"The [rumours|media_report reported_claim=c kind=set] say that {CLAIM}.")
    assert (row["status"], side(row["makers"])) == ("reported", [(None, None, "reported_claim")])


def test_a_claim_in_no_role_has_a_row_and_joined_wordings_have_one() -> None:
    (row,) = rows(f"{CLAIM}, or so.")
    assert (row["status"], row["makers"], row["deniers"], row["others"]) == (None, [], [], [])
    (row,) = rows(f"{SAID}{CLAIM}. [Such talk|CLAIM =c] and [more|CLAIM =c].")
    assert [m["text"] for m in row["mentions"]] == ["rain fell", "Such talk", "more"]
    assert row["claim"]["text"] == "rain fell"  # the longest, the first of two that are equally long


@properties
@given(records())
def test_every_claim_mention_and_every_role_that_has_one_is_in_the_view(record: Document) -> None:
    sheet = Sheet(record, SCHEMA)
    found = list(claims.rows(sheet))
    assert sheet.losses == []
    mentions = [m["id"] for row in found for m in row["mentions"]]
    assert sorted(mentions) == sorted(m.id for m in record.mentions if m.label == "CLAIM")
    wanted = {
        (e.id, role, sheet.mentions[f.mention].entity)
        for e in record.events
        for role, fillers in e.arguments.items()
        for f in fillers
        if sheet.mentions[f.mention].label == "CLAIM"
    }
    parties = [(row, p) for row in found for name in ("makers", "deniers", "others") for p in row[name]]
    assert {(p["event"], p["claim_role"], row["claim_id"]) for row, p in parties if p["claim_role"]} == wanted
    for row, p in parties:
        event = sheet.events[p["event"]]
        assert p["role"] is None or p["mention"] in [f.mention for f in event.arguments[p["role"]]]
        assert p["start"] is None or row["text"][p["start"] : p["end"]] == p["text"]


def test_the_schema_says_a_stance_for_each_type_with_a_claim() -> None:
    counts: Counter[str] = Counter()
    for type_ in SCHEMA.types.values():
        roles = [r.name for r in type_.roles.values() if "CLAIM" in r.labels]
        counts.update(roles)
        assert (type_.claims is not None) == bool(roles)
        assert type_.claims is None or roles == [type_.claims.role]
    assert set(counts) == {"content", "reported_claim", "denied_claim"}
