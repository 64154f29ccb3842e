"""A doubly annotated corpus of any size, made from a seed, and how fast and large measuring it is.

`speed` is ready to be called by scripts/bench.py; it is no test, because it takes a minute.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from dateline import agreement, schema
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

SCHEMA = schema.load(Path(__file__).parents[2] / "schema")
NAMES = ("a1", "a2", "a3")


def articles(number: int, events: int = 20, annotators: int = 2, seed: int = 0) -> Iterator[list[Document]]:
    """Articles one after the other, each with the annotations of people who mostly agree."""
    chance = random.Random(seed)
    text = "".join(chance.choice("abcdefgh ") for _ in range(events * 150))
    for n in range(number):
        truth = _document(f"d{n:06}", text, events, chance)
        yield [_changed(truth, NAMES[k], chance) for k in range(annotators)]


def _document(doc_id: str, text: str, events: int, chance: random.Random) -> Document:
    mentions = []
    for n in range(2 * events):
        start = n * 75 + chance.randrange(20)
        end = start + chance.randrange(5, 60)
        label = chance.choice(list(SCHEMA.labels))
        mentions.append(
            Mention(
                id=f"m{n + 1}",
                label=label,
                start=start,
                end=end,
                text=text[start:end],
                entity=f"n{n // 3 + 1}",
            )
        )
    made = [_event(n, text, mentions, chance) for n in range(events)]
    return Document(
        schema_version=SCHEMA.version,
        doc_id=doc_id,
        text=text,
        text_sha256=sha256(text),
        source=Source(published_at=f"2025-{chance.randrange(1, 13):02}-05"),
        mentions=mentions,
        entities=[Entity(id=id_) for id_ in sorted({m.entity or "" for m in mentions})],
        events=made,
        relations=[Relation(type="subevent_of", head=f"e{n}", tail=f"e{n + 1}") for n in range(1, events, 2)],
        annotation=Provenance(batch=f"b{chance.randrange(4)}", annotator="truth"),
    )


def _event(n: int, text: str, mentions: list[Mention], chance: random.Random) -> Event:
    type_ = chance.choice(list(SCHEMA.types.values()))
    starts = [n * 150 + 60, n * 150 + 130][: chance.randrange(1, 3)]
    ends = [start + chance.randrange(4, 25) for start in starts]
    roles = chance.sample(list(type_.roles), 2)
    return Event(
        id=f"e{n + 1}",
        type=type_.name,
        triggers=[
            Trigger(start=start, end=end, text=text[start:end], main=k == 0)
            for k, (start, end) in enumerate(zip(starts, ends, strict=True))
        ],
        arguments={
            role: [
                Filler(
                    mention=mentions[min(2 * n + k, len(mentions) - 1)].id,
                    via=chance.choice(["drawn", "default"]),
                )
            ]
            for k, role in enumerate(roles)
        },
        attributes={name: chance.choice(a.values) for name, a in SCHEMA.attributes_of(type_.name).items()},
        defaulted=["polarity"],
    )


def _changed(truth: Document, annotator: str, chance: random.Random) -> Document:
    """The annotation with about one thing in ten different."""
    events = [_changed_event(event, truth.text, chance) for event in truth.events if chance.random() > 0.05]
    ids = {event.id for event in events}
    entities = [Entity(id=f"n{n}") for n in range(1, len(truth.mentions) + 1)]
    mentions = [
        msgspec.structs.replace(m, entity=chance.choice(entities).id) if chance.random() < 0.1 else m
        for m in truth.mentions
    ]
    return msgspec.structs.replace(
        truth,
        mentions=mentions,
        events=events,
        relations=[r for r in truth.relations if {r.head, r.tail} <= ids],
        annotation=Provenance(
            batch=truth.annotation.batch,
            annotator=annotator,
            lead_time=60.0,
            pre_annotated=chance.random() < 0.3,
        ),
    )


def _changed_event(event: Event, text: str, chance: random.Random) -> Event:
    changes: dict[str, Any] = {}
    if chance.random() < 0.1:
        first = event.triggers[0]
        moved = msgspec.structs.replace(first, end=first.end + 5, text=text[first.start : first.end + 5])
        changes["triggers"] = [moved, *event.triggers[1:]]
    if chance.random() < 0.1:
        changes["arguments"] = dict(list(event.arguments.items())[1:])
    if chance.random() < 0.2:
        changes["attributes"] = event.attributes | {"status": chance.choice(SCHEMA.common["status"].values)}
    return msgspec.structs.replace(event, **changes)


def speed(number: int = 10_000, events: int = 20) -> dict[str, float]:
    """Seconds and MiB (the process's peak) for measuring so many doubly annotated articles, bootstrap included.

    `busy` is processor time, for a machine that others use too. Making the articles takes part in both and is
    given apart as well.
    """
    start = time.perf_counter()
    for _ in articles(number, events):
        pass
    made = time.perf_counter() - start
    start, busy = time.perf_counter(), time.process_time()
    agreement.measure(articles(number, events), SCHEMA)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"articles": number, "seconds": seconds, "busy": busy, "making": made, "MiB": peak}
    return {name: round(figure, 1) for name, figure in figures.items()}


if __name__ == "__main__":
    sys.stdout.write(f"{speed(*map(int, sys.argv[1:]))}\n")
