"""What holds for any annotations."""

import random

import msgspec
from agreement_build import SCHEMA, TEXT, note
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline import agreement
from dateline.agreement.tally import Tally

# each example measures whole articles; how long that takes depends on what else the machine does
settings.register_profile("agreement", deadline=None, max_examples=60)
RELAXED = settings.get_profile("agreement")
LOW, HIGH = 0, len(TEXT) // 2
TYPES = ["phone_call", "statement", "press_denial"]


def spans(low: int, high: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(low, high - 13), st.integers(1, 12)).map(lambda s: (s[0], s[0] + s[1]))


@st.composite
def notes(draw: st.DrawFn, annotator: str = "a1", low: int = LOW, high: int = HIGH):
    """An annotation whose spans lie in a part of the text; the events differ in their triggers."""
    marked = draw(
        st.lists(
            st.tuples(spans(low, high), st.sampled_from(["PERSON", "CLAIM", "TIME"])),
            max_size=8,
            unique_by=lambda m: m[0],
        )
    )
    mentions = [(*span, label) for span, label in marked]
    fillers = (
        st.lists(st.sampled_from([m[:2] for m in mentions]), max_size=2, unique=True)
        if mentions
        else st.just([])
    )
    answers = st.fixed_dictionaries({"status": st.sampled_from(["asserted", "denied", "asserted*"])})
    roles = st.fixed_dictionaries({"time": fillers, "quote": fillers})
    triggers = st.lists(spans(low, high), min_size=1, max_size=3, unique=True)
    events = draw(
        st.lists(
            st.tuples(st.sampled_from(TYPES), triggers, roles, answers),
            max_size=6,
            unique_by=lambda e: tuple(sorted(e[1])),
        )
    )
    pairs = [(h, t) for h in range(len(events)) for t in range(len(events)) if h != t]
    ends = draw(st.lists(st.sampled_from(pairs), max_size=4, unique=True)) if pairs else []
    groups = [draw(st.integers(0, 3)) for _ in mentions]
    return note(
        annotator,
        *([type_, *words, fill, said] for type_, words, fill, said in events),
        mentions=mentions,
        entities=[
            [m[:2] for m, g in zip(mentions, groups, strict=True) if g == n] for n in range(3) if n in groups
        ],
        relations=[("in_response_to", *pair) for pair in ends],
    )


def named(document, annotator):
    return msgspec.structs.replace(
        document, annotation=msgspec.structs.replace(document.annotation, annotator=annotator)
    )


def counted(*documents):
    """What every number is made of: hits and items of each pair, layer, measure and type, and all answers."""
    tally = Tally()
    tally.add(documents)
    who = list(tally.pairs.of)
    names, keys, values = (
        [*map(str, x)] for x in ((who[c[1]] for c in tally.comparisons), tally.keys.of, tally.values.of)
    )
    rows = [tally.counted[n : n + 6] for n in range(0, len(tally.counted), 6)]
    said = [tally.said[n : n + 5] for n in range(0, len(tally.said), 5)]
    counts = {(names[int(row[0])], keys[int(row[1])]): tuple(round(x, 9) for x in row[2:]) for row in rows}
    return counts, sorted((names[c], keys[k], values[a], values[b], d) for c, k, a, b, d in said)


@RELAXED
@given(notes())
def test_identical_annotations_agree_wherever_there_is_data(document):
    counts, answers = counted(document, named(document, "a2"))
    assert all(hit_a == n_a == hit_b == n_b for hit_a, n_a, hit_b, n_b in counts.values())
    assert all(a == b for _, _, a, b, _ in answers)
    assert list(agreement.differences(agreement.align(document, named(document, "a2")))) == []


@RELAXED
@given(notes(), notes("a2", HIGH, len(TEXT)))
def test_disjoint_annotations_never_agree(one, two):
    counts, answers = counted(one, two)
    assert all(hit_a == hit_b == 0 for hit_a, _, hit_b, _ in counts.values())
    assert answers == []


@settings(RELAXED, max_examples=5)
@given(notes(), notes("a2", HIGH, len(TEXT)))
def test_measures_are_one_zero_or_null(one, two):
    same = agreement.measure([[one, named(one, "a2")]], SCHEMA, resamples=0).rows
    assert {row.value for row in same} <= {1.0, None}
    assert all(row.value == 1 for row in same if row.n and row.measure != "alpha")
    apart = agreement.measure([[one, two]], SCHEMA, resamples=0).rows
    assert all(row.value == 0 if row.n else row.value is None for row in apart)


def shuffled(document, seed):
    """The same annotation with new ids and region ids, everything in another order."""
    chance = random.Random(seed)
    parts = [*document.mentions, *document.entities, *document.events]
    ids = {x.id: f"{x.id[0]}{n}" for n, x in enumerate(chance.sample(parts, len(parts)), 500)}
    new = msgspec.structs.replace
    events = [
        new(
            e,
            id=ids[e.id],
            triggers=chance.sample(
                [new(t, region=f"r{chance.random()}") for t in e.triggers], len(e.triggers)
            ),
            arguments={
                role: chance.sample([new(f, mention=ids[f.mention]) for f in fillers], len(fillers))
                for role, fillers in chance.sample(list(e.arguments.items()), len(e.arguments))
            },
        )
        for e in chance.sample(document.events, len(document.events))
    ]
    mentions = [
        new(m, id=ids[m.id], entity=ids.get(m.entity or ""), region=f"r{chance.random()}")
        for m in chance.sample(document.mentions, len(document.mentions))
    ]
    relations = [new(r, head=ids[r.head], tail=ids[r.tail]) for r in document.relations]
    return new(
        document,
        events=events,
        mentions=mentions,
        entities=[new(n, id=ids[n.id]) for n in document.entities],
        relations=chance.sample(relations, len(relations)),
    )


@RELAXED
@given(notes("a1"), notes("a2"), notes("a3"), st.integers(0, 1000))
def test_order_ids_and_regions_change_nothing(one, two, three, seed):
    documents = [one, two, three]
    changed = random.Random(seed).sample([shuffled(d, seed) for d in documents], 3)
    assert counted(*documents) == counted(*changed)
    for before, after in zip(agreement.pairs(documents), agreement.pairs(changed), strict=True):
        assert told(*before) == told(*after)


def told(one, two):
    found = agreement.differences(agreement.align(one, two))
    return sorted((d.weight, d.message, [(said.words, sorted(said.spans)) for said in d.said]) for d in found)


@RELAXED
@given(notes("a1"), notes("a2"), notes("a3"), st.permutations(["a1", "a2", "a3"]))
def test_who_is_who_changes_no_number(one, two, three, names):
    """Under new names the same pairs have the same numbers, with the sides turned where the order turned."""
    documents = [one, two, three]
    counts, answers = counted(*documents)
    turned, again = counted(*(named(d, name) for d, name in zip(documents, names, strict=True)))
    new = dict(zip(["a1", "a2", "a3"], names, strict=True))
    expected = {}
    for (pair, key), numbers in counts.items():
        ends = [new[name] for name in pair.split(" · ")]
        kept = ends == sorted(ends)
        expected[" · ".join(sorted(ends)), key] = numbers if kept else numbers[2:] + numbers[:2]
    assert turned == expected
    assert len(answers) == len(again)


@settings(RELAXED, max_examples=5)
@given(notes("a1"), notes("a2"), notes("a3"), st.permutations(["a1", "a2", "a3"]))
def test_who_is_who_changes_no_measure(one, two, three, names):
    documents = [one, two, three]
    renamed = [named(d, name) for d, name in zip(documents, names, strict=True)]
    before, after = (agreement.measure([ds], SCHEMA, resamples=0).rows for ds in (documents, renamed))
    kept = [[row for row in rows if row.by != "pair" or row.group == "mean"] for rows in (before, after)]
    assert kept[0] == kept[1]


@RELAXED
@given(notes("a1"), notes("a2"))
def test_alignments_are_one_to_one_and_mirror_each_other(one, two):
    for overlap in (False, True):
        there, back = agreement.align(one, two, overlap), agreement.align(two, one, overlap)
        for name in ("events", "triggers", "mentions"):
            edges = getattr(there, name)
            assert len({i for i, _ in edges}) == len({j for _, j in edges}) == len(edges)
        assert sorted((j, i) for i, j in back.events) == there.events


@settings(RELAXED, max_examples=5)
@given(st.lists(st.tuples(notes("a1"), notes("a2")), max_size=4), st.randoms())
def test_the_order_of_articles_changes_nothing(pairs, chance):
    articles = [[msgspec.structs.replace(d, doc_id=f"d{n}") for d in pair] for n, pair in enumerate(pairs)]
    mixed = chance.sample(articles, len(articles))
    assert (
        agreement.measure(articles, SCHEMA, resamples=20).rows
        == agreement.measure(mixed, SCHEMA, resamples=20).rows
    )
