"""What holds for any annotations of any text: records drawn at random, however absurd."""

import random
from typing import Any

import msgspec
from adjudicating import as_side, said
from articles import SCHEMA
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import TEXTS, records

from dateline.adjudication.atoms import atoms
from dateline.adjudication.merged import merged
from dateline.adjudication.origins import refs
from dateline.adjudication.plan import Plan, plan
from dateline.adjudication.policy import parse
from dateline.adjudication.review import Review
from dateline.adjudication.words import questions
from dateline.model import Document

POLICIES = st.sampled_from(["unanimous", "majority", "prefer a1", "prefer a9"])
change = msgspec.structs.replace


@st.composite
def articles(draw: st.DrawFn) -> list[Document]:
    """Two to four annotations of one text; some may be equal."""
    text = draw(TEXTS)
    drawn = [draw(records(text)) for _ in range(draw(st.integers(2, 3)))]
    if draw(st.booleans()):
        drawn.append(drawn[0])
    return [
        change(d, doc_id="d", annotation=change(d.annotation, annotator=f"a{n}", ground_truth=False))
        for n, d in enumerate(drawn, 1)
    ]


def shuffled(document: Document, seed: int) -> Document:
    """The same annotation with its lists in another order and other ids."""
    lots = random.Random(seed)
    new = {
        x.id: f"{x.id[0]}{n}"
        for n, x in enumerate(lots.sample(document.mentions, len(document.mentions)), 100)
    }
    new |= {x.id: f"e{n}" for n, x in enumerate(lots.sample(document.events, len(document.events)), 100)}
    new |= {x.id: f"n{n}" for n, x in enumerate(lots.sample(document.entities, len(document.entities)), 100)}

    def mixed(values: list[Any]) -> list[Any]:
        return lots.sample(values, len(values))

    return change(
        document,
        mentions=mixed(
            [change(m, id=new[m.id], entity=m.entity and new[m.entity]) for m in document.mentions]
        ),
        entities=mixed([change(e, id=new[e.id]) for e in document.entities]),
        events=mixed(
            [
                change(
                    e,
                    id=new[e.id],
                    triggers=mixed(e.triggers),
                    arguments={
                        role: mixed([change(f, mention=new[f.mention]) for f in e.arguments[role]])
                        for role in mixed(list(e.arguments))
                    },
                )
                for e in document.events
            ]
        ),
        relations=mixed([change(r, head=new[r.head], tail=new[r.tail]) for r in document.relations]),
    )


def told(found: Plan) -> list[Any]:
    """The conflicts with their readings by annotator, in a fixed order."""
    names = found.clusters.names
    return sorted(
        (q.kind, q.asks, q.context, sorted((r.says, sorted(names[s] for s in r.sides)) for r in q.readings))
        for q in questions(found)
    )


@settings(max_examples=60)
@given(articles(), POLICIES, st.integers(0, 2**32))
def test_order_of_annotations_events_and_ids_changes_nothing(
    documents: list[Document], policy: str, seed: int
) -> None:
    one = plan(documents, parse(policy))
    other = [shuffled(d, seed) for d in documents]
    random.Random(seed).shuffle(other)
    two = plan(other, parse(policy))
    assert told(two) == told(one)
    made = [merged(p, p.choices, SCHEMA) for p in (one, two)]
    assert made[0].results == made[1].results
    assert made[0].origins == made[1].origins


@settings(max_examples=60)
@given(articles())
def test_everything_is_in_one_cluster_with_at_most_one_of_each_annotator(documents: list[Document]) -> None:
    clusters = plan(documents, parse("unanimous")).clusters
    for groups, parts in (
        (clusters.events, [side.events for side in clusters.sides]),
        (clusters.mentions, [side.mentions for side in clusters.sides]),
        ([g for group in clusters.triggers for g in group], [side.triggers for side in clusters.sides]),
    ):
        nodes = [node for group in groups for node in group.items()]
        assert sorted(nodes) == [(side, n) for side, part in enumerate(parts) for n in range(len(part))]


@settings(max_examples=60)
@given(articles())
def test_preferring_one_of_two_gives_their_annotation(documents: list[Document]) -> None:
    found = plan(documents[:2], parse("prefer a1"))  # of three, answers go by majority
    assert found.conflicts == []
    one = merged(found, found.choices, SCHEMA)
    assert said(one.document) == said(documents[0])


@settings(max_examples=60)
@given(articles())
def test_every_item_knows_from_whom_it_comes(documents: list[Document]) -> None:
    found = plan(documents, parse("unanimous"))
    for side in range(len(documents)):
        one = as_side(found, side)
        items = {ref for result in one.results for ref in refs(result)}
        assert items == set(one.origins)
        assert all(set(o.names) <= set(found.clusters.names) and o.names for o in one.origins.values())


@settings(max_examples=60)
@given(articles())
def test_equal_annotations_agree_in_everything(documents: list[Document]) -> None:
    twice = [
        change(documents[0], annotation=change(documents[0].annotation, annotator=n)) for n in ("x", "y")
    ]
    found = plan(twice, parse("unanimous"))
    assert found.conflicts == []
    one = merged(found, found.choices, SCHEMA)
    assert said(one.document) == said(documents[0])
    assert {(o.how, o.names) for o in one.origins.values()} <= {("agreed", ("x", "y"))}


@settings(max_examples=60)
@given(articles(), st.text("abc", min_size=1, max_size=3), st.data())
def test_a_review_makes_what_was_decided_of_what_it_started_with(
    documents: list[Document], seed: str, data: Any
) -> None:
    review = Review(plan(documents, parse("unanimous")), SCHEMA, seed)
    given = {n: data.draw(st.sampled_from(sorted(letters))) for n, letters in enumerate(review.letters)}
    made, origins = review.decided(given, review.results())
    sides = dict(zip(review.order, (review.letters[n][x].sides[0] for n, x in given.items()), strict=True))
    wanted = merged(review.plan, review.plan.decided([sides[n] for n in range(len(sides))]), SCHEMA)
    assert atoms(made) == atoms(wanted.results)
    assert set(origins) == set(wanted.origins)
