"""What a view keeps, it gives back: view -> triggers, spans and roles are the record's, less the reported losses."""

from collections import Counter
from functools import cache
from typing import Any

import pytest
from articles import ROOT, SCHEMA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import records

from dateline import reading, views
from dateline.model import Document, Event, Mention
from dateline.views import Loss, Sheet, bio, words
from dateline.views.parts import Row

properties = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
# each letter a token: spans are whole tokens, in sentences of a few
HAN = st.lists(st.sampled_from("東京他走了她来电话。\n"), min_size=4, max_size=30).map("".join)
LONG = st.lists(st.sampled_from(["電" * 30 + "。", "話" * 90 + "。\n", "他。"]), min_size=3, max_size=8).map(
    "".join
)
ANY = records() | HAN.flatmap(lambda text: records(text=text)) | LONG.flatmap(lambda text: records(text=text))
Fact = tuple[Any, ...]


@cache
def corpus() -> list[Document]:
    """Every annotation of the two batches that are here."""
    folders = [ROOT / "annotations" / batch for batch in ("sample", "calitoday")]
    return [d for item in reading.read(folders, SCHEMA) for d in item.documents]


def made(view: str, record: Document) -> tuple[list[Row], list[Loss]]:
    sheet = Sheet(record, SCHEMA)
    rows = list(views.rows(view, sheet))
    for loss in sheet.losses:
        assert (loss.view, loss.doc_id) == (view, record.doc_id)
        assert loss.kind in views.VIEWS[view].policies
        if loss.start is not None:
            assert record.text[loss.start : loss.end] == loss.text
    return rows, sheet.losses


def fillers(record: Document) -> list[tuple[Event, str, Mention]]:
    mentions = {m.id: m for m in record.mentions}
    return [
        (e, role, mentions[f.mention]) for e in record.events for role, fs in e.arguments.items() for f in fs
    ]


def same(record: Counter[Fact], kept: list[Fact], lost: list[Fact]) -> None:
    assert record == Counter(kept) + Counter(lost)


# triggers


def triggers(record: Document) -> None:
    rows, losses = made("triggers", record)
    types = {e.id: e.type for e in record.events}
    kept = [span for row in rows for span in bio.offsets(row["tags"], row["starts"], row["ends"])]
    lost = [(loss.start, loss.end, types[loss.event or ""]) for loss in losses if loss.kind != "identity"]
    same(Counter((t.start, t.end, e.type) for e in record.events for t in e.triggers), kept, lost)
    assert [loss.event for loss in losses if loss.kind == "identity"] == [e.id for e in record.events if len(e.triggers) > 1]  # fmt: skip
    assert [row["sentence"] for row in rows] == list(range(len(rows)))
    assert [t for row in rows for t in row["tokens"]] == Sheet(record, SCHEMA).tokens.texts
    bounds = {at for row in rows for at in (*row["starts"], *row["ends"])}
    for loss in losses:
        needed(loss, rows, kept, bounds)


def needed(loss: Loss, rows: list[Row], kept: list[Fact], bounds: set[int]) -> None:
    """What is lost could not have been kept."""
    if loss.start is None or loss.end is None:
        return
    over = [span for span in kept if span[0] < loss.end and loss.start < span[1]]
    inside = any(row["start"] <= loss.start and loss.end <= row["end"] for row in rows)
    off = not {loss.start, loss.end} <= bounds
    if loss.kind == "off_tokens":
        starts = {at for row in rows for at in row["starts"]}
        ends = {at for row in rows for at in row["ends"]}
        assert loss.start not in starts or loss.end not in ends
    elif loss.kind == "across_sentences":
        assert not off and not inside
    elif loss.kind == "overlap":
        assert over and inside and not off
        assert any((first, -last) <= (loss.start, -loss.end) for first, last, *_ in over)


@properties
@given(ANY)
def test_triggers(record: Document) -> None:
    triggers(record)


# arguments


def arguments(record: Document) -> None:
    rows, losses = made("arguments", record)
    for row in rows:
        first, last = row["trigger_first"], row["trigger_last"]
        assert (row["starts"][first], row["ends"][last - 1]) == (row["trigger_start"], row["trigger_end"])
        assert row["tokens"] == [record.text[s:e] for s, e in zip(row["starts"], row["ends"], strict=True)]
        assert (row["start"], row["end"]) == (row["starts"][0], row["ends"][-1])
    kept = [(r["event_id"], r["type"], r["trigger_start"], r["trigger_end"], r["main"]) for r in rows]
    spans = {(e.id, t.start, t.end): (e.type, t.main) for e in record.events for t in e.triggers}
    lost = [(x.event, x.start, x.end) for x in losses if x.role is None]
    full = [(id_, spans[id_, s, e][0], s, e, spans[id_, s, e][1]) for id_, s, e in lost]
    same(
        Counter((e.id, e.type, t.start, t.end, t.main) for e in record.events for t in e.triggers), kept, full
    )
    tagged = [
        (row["event_id"], role, start, end)
        for row in rows
        for start, end, role in bio.offsets(row["tags"], row["starts"], row["ends"])
    ]
    lost = [(x.event, x.role, x.start, x.end) for x in losses if x.role is not None]
    same(Counter((e.id, role, m.start, m.end) for e, role, m in fillers(record)), tagged, lost)
    mentions = Counter((e.id, role, m.id) for e, role, m in fillers(record))
    assert not Counter((x.event, x.role, x.mention) for x in losses if x.role) - mentions
    drawn_to(record, rows)


def drawn_to(record: Document, rows: list[Row]) -> None:
    """Each argument that is kept is at the trigger that the rule says, worked out here once more."""
    sheet = Sheet(record, SCHEMA)
    starts = [sheet.tokens.starts[first] for first, _ in sheet.sentences]

    def sentence(at: int) -> int:
        return max(sum(start <= at for start in starts), 1)

    events = {e.id: e for e in record.events}
    for row in rows:
        event = events[row["event_id"]]
        for start, end, _ in bio.offsets(row["tags"], row["starts"], row["ends"]):
            near = [t for t in event.triggers if sentence(t.start) == sentence(start)]
            far = [max(t.start - end, start - t.end, 0) for t in near]
            at = near[far.index(min(far))] if near else event.main
            assert (at.start, at.end) == (row["trigger_start"], row["trigger_end"])


@properties
@given(ANY)
def test_arguments(record: Document) -> None:
    arguments(record)


# relations


def relations(record: Document) -> None:
    rows, losses = made("relations", record)
    assert losses == []
    ids = {e.id: e for e in record.events}
    related = [(r["head"], r["tail"], r["label"]) for r in rows if r["label"] != "none"]
    same(Counter((r.head, r.tail, r.type) for r in record.relations), related, [])
    negative = [(r["head"], r["tail"]) for r in rows if r["label"] == "none"]
    positive = {(head, tail) for head, tail, _ in related}
    assert len(set(negative)) == len(negative)
    assert not positive & set(negative)
    possible = len(ids) * (len(ids) - 1) - len(positive)
    assert len(negative) == min(max(len(positive), 1), possible)
    for row in rows:
        for end in ("head", "tail"):
            event = ids[row[end]]
            said = (row[f"{end}_type"], row[f"{end}_start"], row[f"{end}_end"], row[f"{end}_text"])
            assert said == (event.type, event.main.start, event.main.end, event.main.text)
        assert row["head"] != row["tail"]
        assert row["text"] == record.text


@properties
@given(ANY)
def test_relations(record: Document) -> None:
    relations(record)


# sentences


def sentences(record: Document) -> None:
    rows, losses = made("sentences", record)
    mentions = [
        (*place(row, m), m["entity_type"], m["entity"]) for row in rows for m in row["entity_mentions"]
    ]
    labels = {m.id: (m.label, m.entity) for m in record.mentions}
    lost = [(x.start, x.end, *labels[x.mention or ""]) for x in losses if x.mention and x.role is None]
    same(Counter((m.start, m.end, m.label, m.entity) for m in record.mentions), mentions, lost)
    said = [(row, m) for row in rows for m in row["event_mentions"]]
    kept = [(m["event"], m["event_type"], *place(row, m["trigger"])) for row, m in said]
    types = {e.id: e.type for e in record.events}
    lost = [
        (x.event, types[x.event or ""], x.start, x.end)
        for x in losses
        if x.mention is None and x.role is None
    ]
    same(Counter((e.id, e.type, t.start, t.end) for e in record.events for t in e.triggers), kept, lost)
    kept = [(m["event"], a["role"], *place(row, a)) for row, m in said for a in m["arguments"]]
    lost = [(x.event, x.role, x.start, x.end) for x in losses if x.role and x.kind != "relation"]
    same(Counter((e.id, role, m.start, m.end) for e, role, m in fillers(record)), kept, lost)
    lost = [(x.event, x.role, x.text) for x in losses if x.kind == "relation"]
    same(Counter((r.head, r.type, f"{r.head} {r.type} {r.tail}") for r in record.relations), [], lost)
    consistent(record, rows)


def place(row: Row, mention: Row) -> tuple[int, int]:
    """The code points of what a window says in tokens; its text is theirs."""
    start, end = row["starts"][mention["start"]], row["ends"][mention["end"] - 1]
    assert row["text"][start - row["start"] : end - row["start"]] == mention["text"]
    return start, end


def consistent(record: Document, rows: list[Row]) -> None:
    """Ids are unique in the corpus, and an argument is an entity mention of its own window."""
    ids = [m["id"] for row in rows for kind in ("entity_mentions", "event_mentions") for m in row[kind]]
    assert len(set(ids)) == len(ids)
    for n, row in enumerate(rows):
        assert row["wnd_id"] == f"{record.doc_id}-{n}"
        assert row["text"] == record.text[row["start"] : row["end"]]
        own = {m["id"]: (m["text"], m["start"], m["end"]) for m in row["entity_mentions"]}
        for event in row["event_mentions"]:
            assert all(own[a["entity_id"]] == (a["text"], a["start"], a["end"]) for a in event["arguments"])
        assert all(id_.startswith(row["wnd_id"]) for id_ in own)


@properties
@given(ANY)
def test_sentences(record: Document) -> None:
    sentences(record)


@pytest.mark.parametrize(
    "check", [triggers, arguments, relations, sentences], ids=lambda check: check.__name__
)
def test_the_corpus(check: Any) -> None:
    for record in corpus():
        check(record)


def test_the_corpus_loses_nothing_to_tokens_and_little_to_windows() -> None:
    """The tokenizer cuts where people mark: no trigger, mention or argument begins or ends inside a token."""
    found: Counter[tuple[str, str]] = Counter()
    for record in corpus():
        sheet = Sheet(record, SCHEMA)
        for view in ("triggers", "arguments", "sentences"):
            list(views.rows(view, sheet))
        found.update((loss.view, loss.kind) for loss in sheet.losses)
    kinds = {kind for _, kind in found}
    assert not kinds & {
        "off_tokens",
        "trigger_off_tokens",
        "across_sentences",
        "trigger_lost",
        "mention_lost",
    }
    placed = sum(len(fillers(record)) for record in corpus())
    assert sum(n for (view, _), n in found.items() if view == "arguments") < placed / 8


@properties
@given(ANY)
def test_words_are_put_back_from_a_copy_of_the_text(record: Document) -> None:
    copy = words.Copy(record.text, record.source.title)
    for view in ("triggers", "arguments", "relations", "sentences"):
        columns = views.COLUMNS[view]
        for row in made(view, record)[0]:
            lost: list[str] = []
            bare = words.omit(row, columns, lost)
            assert lost == []
            assert words.fill(bare, columns, copy) == row
            if "tokens" in row:
                assert not any(bare["tokens"])
