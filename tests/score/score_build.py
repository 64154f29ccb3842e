"""Predictions in a few words: `article(event("call", (0, 4), participant=[(10, 13)]))`."""

from typing import Any

from hypothesis import strategies as st

from dateline import score

Json = dict[str, Any]
Span = tuple[int, int]
TYPES, ROLES = ("phone_call", "sanction"), ("participant", "target", "time")


def span(at: Span) -> Json:
    return {"start": at[0], "end": at[1]}


def event(type_: str, *triggers: Span, **arguments: list[Span]) -> Json:
    fillers = {role: [span(at) for at in spans] for role, spans in arguments.items()}
    return {"type": type_, "triggers": [span(at) for at in triggers], "arguments": fillers}


def article(
    *events: Json, doc_id: str = "d1", relations: tuple[tuple[str, int, int], ...] = (), **more: Any
) -> Json:
    """An article; relations name events by their position."""
    joined = [{"type": type_, "head": f"e{head}", "tail": f"e{tail}"} for type_, head, tail in relations]
    named = [{**one, "id": f"e{n}"} for n, one in enumerate(events)]
    return {"doc_id": doc_id, "events": named, "relations": joined, **more}


def shares(scores: score.Scores) -> dict[str, tuple[float | None, float | None]]:
    """Precision and recall of each measure."""
    return {name: (one.precision, one.recall) for name, one in scores.table.items()}


def f1(gold: Json, predicted: Json, **how: Any) -> dict[str, float | None]:
    return {name: one.f1 for name, one in score.score([gold], [predicted], **how).table.items()}


SPANS = st.tuples(st.integers(0, 12), st.integers(1, 5)).map(lambda s: (s[0], s[0] + s[1]))


@st.composite
def single(draw: st.DrawFn) -> Json:
    """An article whose events have one trigger each, with nothing repeated; arguments are shared at will."""
    triggers = draw(st.lists(st.tuples(st.sampled_from(TYPES), SPANS), max_size=6, unique=True))
    fillers = st.dictionaries(st.sampled_from(ROLES), st.lists(SPANS, max_size=3, unique=True))
    return article(*(event(type_, at, **draw(fillers)) for type_, at in triggers))


@st.composite
def anything(draw: st.DrawFn) -> Json:
    """An article with several triggers, repetitions and relations, and two mentions for an entity."""
    fillers = st.dictionaries(st.sampled_from(ROLES), st.lists(SPANS, max_size=3))
    one = st.builds(
        lambda type_, triggers, arguments: event(type_, *triggers, **arguments),
        st.sampled_from(TYPES),
        st.lists(SPANS, min_size=1, max_size=3),
        fillers,
    )
    events = draw(st.lists(one, max_size=5))
    ends = st.integers(0, max(len(events) - 1, 0))
    relation = st.tuples(st.sampled_from(("denies", "subevent_of")), ends, ends)
    relations = draw(st.lists(relation, max_size=4)) if events else []
    mentions = [
        {"id": f"m{n}", **span(at), "entity": f"n{n % 2}"}
        for n, at in enumerate(draw(st.lists(SPANS, max_size=4)))
    ]
    return article(*events, relations=tuple(relations), mentions=mentions)
