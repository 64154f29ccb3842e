"""Hypothesis strategies: canonical records, as reading a Label Studio task gives them.

Canonical means DESIGN's order and ids, entities where labels ask for one, defaults marked, `main` on the
trigger with the arguments. They are drawn from scratch, without the code that builds records.
"""

import copy
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from articles import SCHEMA
from hypothesis import strategies as st

from dateline.model import (
    Document,
    Entity,
    Event,
    Filler,
    Mention,
    Provenance,
    Relation,
    Source,
    Trigger,
    sha256,
)

# emoji with joiners and flags, CRLF, combining marks, right-to-left, runs of white space, an escaped line break
_PIECES = [*"aéZ .,-\"'\\", "ab", "Ann Lee", "\r\n", "\n", "\n\n", "  ", "\t", "\u00a0", "😀", "👨‍👩‍👧", "🇯🇵"]
_PIECES += ["e\u0301", "\u0323", "שלום", "مرحبا", "𝔘", "東京", "\\n", "\u200f"]
TEXTS = st.lists(
    st.sampled_from(_PIECES) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3),
    min_size=4,
    max_size=40,
).map("".join)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).map(str.strip)
WORDS = WORDS.filter(bool)
_REGION = st.text("abcXYZ019-_", min_size=1, max_size=10)


@st.composite
def records(draw: st.DrawFn, text: str | None = None) -> Document:
    """A canonical record of a few mentions, entities, events and relations."""
    text = draw(TEXTS) if text is None else text
    mentions, entities = draw(_mentions(text))
    events = draw(_events(text, mentions))
    mentions, events = draw(_with_regions(mentions, events))
    return Document(
        schema_version=SCHEMA.version,
        doc_id=draw(WORDS),
        text=text,
        text_sha256=sha256(text),
        source=draw(_SOURCES),
        mentions=mentions,
        entities=entities,
        events=events,
        relations=draw(_relations(events)),
        annotation=draw(_PROVENANCES),
    )


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


_SOURCES = st.builds(
    Source,
    title=_optional(WORDS),
    publisher=_optional(WORDS),
    url=_optional(WORDS),
    published_at=_optional(st.dates().map(str)),
    language=st.sampled_from(["en", "und", "zh-Hant"]),
    license=st.sampled_from(["NOASSERTION", "CC-BY-4.0"]),
    synthetic=st.booleans(),
)
_NUMBER = _optional(st.integers(0, 2**40))
_PROVENANCES = st.builds(
    Provenance,
    batch=_optional(WORDS),
    annotator=st.sampled_from(["a1", "machine-a", "u7", "unknown", "名"]),
    project=_NUMBER,
    task=_NUMBER,
    annotation=_NUMBER,
    ground_truth=st.booleans(),
    from_=st.lists(st.sampled_from(["a1", "a2"]), unique=True),
    pre_annotated=st.booleans(),
    guideline_version=_optional(st.sampled_from(["1.0", "1.1"])),
    lead_time=_optional(st.floats(0, 1e6)),
)


def _spans(text: str) -> st.SearchStrategy[tuple[int, int]]:
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    return ends.filter(lambda e: e[0] != e[1]).map(lambda e: (min(e), max(e)))


@st.composite
def _mentions(draw: st.DrawFn, text: str) -> tuple[list[Mention], list[Entity]]:
    keys = st.tuples(_spans(text), st.sampled_from(list(SCHEMA.labels)))
    marked = sorted(draw(st.lists(keys, unique=True, max_size=7)))
    groups = [draw(st.integers(0, len(marked))) for _ in marked]
    numbers: dict[int, str] = {}
    asking: dict[str, bool] = defaultdict(bool)
    mentions = []
    for n, ((start, end), label) in enumerate(marked):
        if groups.count(groups[n]) > 1 or SCHEMA.labels[label].always_entity:
            numbers.setdefault(groups[n], f"n{len(numbers) + 1}")
        entity = numbers.get(groups[n])
        asking[entity or ""] |= "wikidata" in SCHEMA.labels[label].asks
        value = draw(_optional(WORDS)) if "value" in SCHEMA.labels[label].asks else None
        mentions.append(
            Mention(
                id=f"m{n + 1}",
                label=label,
                start=start,
                end=end,
                text=text[start:end],
                entity=entity,
                attributes={} if value is None else {"value": value},
                note=draw(st.just(msgspec.UNSET) | WORDS),
            )
        )
    wikidata = _optional(st.integers(1, 10**9).map("Q{}".format))
    entities = [Entity(id=id_, wikidata=draw(wikidata) if asking[id_] else None) for id_ in numbers.values()]
    return mentions, entities


@st.composite
def _events(draw: st.DrawFn, text: str, mentions: list[Mention]) -> list[Event]:
    keys = st.tuples(_spans(text), st.sampled_from(list(SCHEMA.types)))
    marked = sorted(draw(st.lists(keys, unique=True, max_size=7)))
    groups: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for span, type_ in marked:
        groups.setdefault((type_, draw(st.integers(0, 2))), []).append(span)
    return [
        draw(_event(f"e{n}", type_, spans, text, mentions))
        for n, ((type_, _), spans) in enumerate(groups.items(), 1)
    ]


@st.composite
def _event(
    draw: st.DrawFn, id_: str, type_: str, spans: list[tuple[int, int]], text: str, mentions: list[Mention]
) -> Event:
    arguments = draw(_arguments(type_, mentions))
    main = draw(st.sampled_from(range(len(spans)))) if arguments else 0
    attributes, defaulted = draw(_attributes(type_))
    return Event(
        id=id_,
        type=type_,
        triggers=[
            Trigger(
                start=start,
                end=end,
                text=text[start:end],
                main=n == main,
                note=draw(st.just(msgspec.UNSET) | WORDS),
            )
            for n, (start, end) in enumerate(spans)
        ],
        arguments=arguments,
        attributes=attributes,
        defaulted=defaulted,
    )


@st.composite
def _arguments(draw: st.DrawFn, type_: str, mentions: list[Mention]) -> dict[str, list[Filler]]:
    found = {}
    for role in SCHEMA.types[type_].roles.values():
        fitting = [m for m in mentions if m.label in role.labels]
        fillers = []
        for mention in fitting:
            default = SCHEMA.types[type_].default_role.get(mention.label) == role.name
            via = draw(st.sampled_from(["drawn", None, *(["default"] if default else [])]))
            if via is not None:
                fillers.append(Filler(mention=mention.id, via=via))
        if fillers:
            found[role.name] = fillers
    return found


@st.composite
def _attributes(draw: st.DrawFn, type_: str) -> tuple[dict[str, str], list[str]]:
    answers, defaulted = {}, []
    for name, attribute in SCHEMA.attributes_of(type_).items():
        answer = draw(st.none() | st.sampled_from(attribute.values))
        if answer is not None:
            answers[name] = answer
        elif attribute.default is not None:
            answers[name] = attribute.default
            defaulted.append(name)
    return answers, defaulted


@st.composite
def _with_regions(
    draw: st.DrawFn, mentions: list[Mention], events: list[Event]
) -> tuple[list[Mention], list[Event]]:
    count = len(mentions) + sum(len(e.triggers) for e in events)
    ids = iter(draw(st.lists(_REGION, unique=True, min_size=count, max_size=count)))
    change = msgspec.structs.replace
    return (
        [change(m, region=next(ids)) for m in mentions],
        [change(e, triggers=[change(t, region=next(ids)) for t in e.triggers]) for e in events],
    )


@st.composite
def _relations(draw: st.DrawFn, events: list[Event]) -> list[Relation]:
    pairs = [(head, tail) for head in range(len(events)) for tail in range(len(events)) if head != tail]
    if not pairs:
        return []
    keys = st.tuples(st.sampled_from(pairs), st.sampled_from(sorted(SCHEMA.relations)))
    drawn = sorted(draw(st.lists(keys, unique=True, max_size=4)))
    return [Relation(type=type_, head=events[h].id, tail=events[t].id) for (h, t), type_ in drawn]


# What is wrong on purpose: any part of a JSON value gone, there twice, or something else

Path = tuple[str | int, ...]
_NAMES = st.sampled_from(
    (
        *("call", "alva", "day", "gone", "trigger", "mention", "status", "value", "phone_call__medium"),
        *("PERSON", "TIME", "CLAIM", "phone_call", "press_denial", "sanction", "participant", "denied_claim"),
        *("denies", "subevent_of", "same_event", "same_entity", "left", "bi", "relation", "m1", "e1", "n1"),
    )
)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 80),
    st.sampled_from([2**31, 2**63, 2**70, -(2**64), 1e300, 0.5]),
    st.text(max_size=3),
    st.sampled_from(
        ["1984?/2004-06-11%", "Y17E9999999", "[..2000]", "Q1", "a@example.org", "\u202e", "0" * 400]
    ),
    _NAMES,
)
ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2) | _NAMES, inner, max_size=2)
    ),
    max_leaves=4,
)


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """The path of each part of a JSON value, its own first."""
    yield here
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from paths(part, (*here, key))


@st.composite
def mutated(draw: st.DrawFn, value: Any, most: int = 3, where: Callable[[Path], bool] = bool) -> Any:
    """A copy of a JSON value with up to `most` of the parts changed whose paths `where` lets pass."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, most))):
        found = [path for path in paths(value) if path and where(path)]
        if not found:
            break
        path = draw(st.sampled_from(found))
        parent = value
        for key in path[:-1]:
            parent = parent[key]
        _change(draw, parent, path[-1])
    return value


def _change(draw: st.DrawFn, parent: Any, key: Any) -> None:
    action = draw(st.sampled_from(["delete", "replace", "replace", "twice"]))
    if action == "delete":
        del parent[key]
    elif action == "twice" and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[key]))
    else:
        parent[key] = draw(ANYTHING)
