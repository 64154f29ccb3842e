"""The floor: what reading this corpus as JSON and writing it as Parquet costs, and nothing else.

Reads in blocks, decodes each task with orjson, writes a table of documents and one of events, zstd, in 4,096-row
groups. Checks nothing, joins nothing, chooses nothing but the first annotation; it knows where a corpus of this
benchmark may be cut. One process. Its tables are its own, so that it stays where it is when Dateline moves.

Run as `floor.py OUT FILE...`.
"""

from __future__ import annotations

import gc
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

Json = dict[str, Any]

_BLOCK = 2**22  # bytes
_BETWEEN = b'Z"},{"id":'  # two tasks: a task ends with the time of its change, an annotation does not
_ROWS, _GROUP = 512, 4096

_TEXT, _NUMBER = pa.string(), pa.int64()
_SPAN = [("start", _NUMBER), ("end", _NUMBER), ("text", _TEXT)]
_MENTION = pa.struct([("id", _TEXT), ("label", _TEXT), *_SPAN, ("value", _TEXT)])
_ARGUMENT = pa.struct([("role", _TEXT), ("id", _TEXT), ("label", _TEXT), *_SPAN])
_ANSWER = pa.struct([("name", _TEXT), ("value", _TEXT)])
_RELATION = pa.struct([("type", _TEXT), ("head", _TEXT), ("tail", _TEXT)])
_EVENT = [
    ("id", _TEXT),
    ("type", _TEXT),
    ("trigger", pa.struct(_SPAN)),
    ("arguments", pa.list_(_ARGUMENT)),
    ("attributes", pa.list_(_ANSWER)),
]
_ARTICLE = [(name, _TEXT) for name in ("doc_id", "text", "title", "publisher", "published_at", "language")]
DOCUMENTS = pa.schema(
    [
        *_ARTICLE,
        ("text_sha256", _TEXT),
        ("annotator", _NUMBER),
        ("mentions", pa.list_(_MENTION)),
        ("events", pa.list_(pa.struct(_EVENT))),
        ("relations", pa.list_(_RELATION)),
    ]
)
EVENTS = pa.schema([*_ARTICLE, *_EVENT, ("relations", pa.list_(_RELATION))])


def main(out: Path, files: list[Path]) -> None:
    """Write `documents.parquet` and `events.parquet` into a new folder."""
    gc.disable()
    out.mkdir()
    documents, events = _Table(out / "documents.parquet", DOCUMENTS), _Table(out / "events.parquet", EVENTS)
    for file in files:
        for block in blocks(file):
            for task in orjson.loads(block):
                article, found = _rows(task)
                documents.add(article)
                for event in found:
                    events.add(event)
    documents.close()
    events.close()


def blocks(file: Path) -> Iterator[bytes]:
    """The file's array in pieces that are arrays themselves."""
    rest = b""
    with file.open("rb") as stream:
        while chunk := stream.read(_BLOCK):
            rest += chunk
            at = rest.rfind(_BETWEEN)
            if at >= 0:
                cut = at + 3  # behind the bracket
                yield rest[:cut] + b"]"
                rest = b"[" + rest[cut + 1 :]
    yield rest


def _rows(task: Json) -> tuple[Json, list[Json]]:
    """The row of an article and those of its events."""
    data, annotation = task["data"], task["annotations"][0]
    spans: Json = {}
    answers: dict[str, list[Json]] = defaultdict(list)
    links: list[Json] = []
    for result in annotation["result"]:
        kind = result["type"]
        if kind == "labels":
            spans[result["id"]] = result
        elif kind == "relation":
            links.append(result)
        else:
            value = result["value"]
            name = result["from_name"].rpartition("__")[2]
            answers[result["id"]].append(
                {"name": name, "value": (value.get("choices") or value.get("text"))[0]}
            )
    mentions = {id_: _mention(r, answers) for id_, r in spans.items() if r["from_name"] == "mention"}
    events = {id_: _event(r, answers) for id_, r in spans.items() if id_ not in mentions}
    relations = [_relation(link, mentions, events) for link in links]
    article = {
        "doc_id": data["doc_id"],
        "text": data["text"],
        "title": data["title"],
        "publisher": data["publisher"],
        "published_at": data["published_at"],
        "language": task["meta"]["source"]["language"],
    }
    return {
        **article,
        "text_sha256": data["text_sha256"],
        "annotator": annotation["completed_by"],
        "mentions": list(mentions.values()),
        "events": list(events.values()),
        "relations": relations,
    }, [
        {**article, **e, "relations": [r for r in relations if r["head"] == e["id"]]} for e in events.values()
    ]


def _span(result: Json) -> Json:
    value = result["value"]
    return {"start": value["start"], "end": value["end"], "text": value["text"]}


def _mention(result: Json, answers: dict[str, list[Json]]) -> Json:
    said = answers.get(result["id"])
    value = said[0]["value"] if said else None
    return {"id": result["id"], "label": result["value"]["labels"][0], **_span(result), "value": value}


def _event(result: Json, answers: dict[str, list[Json]]) -> Json:
    id_ = result["id"]
    return {
        "id": id_,
        "type": result["value"]["labels"][0],
        "trigger": _span(result),
        "arguments": [],
        "attributes": answers.get(id_, []),
    }


def _relation(link: Json, mentions: dict[str, Json], events: dict[str, Json]) -> Json:
    """The relation as a row; one from a trigger to a mention is an argument, too."""
    head, tail, label = link["from_id"], link["to_id"], link["labels"][0]
    if head in events and tail in mentions:
        filler = {k: v for k, v in mentions[tail].items() if k != "value"}
        events[head]["arguments"].append({"role": label, **filler})
    return {"type": label, "head": head, "tail": tail}


class _Table:
    """A Parquet file that is written as its rows come in."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.schema = schema
        self.writer = pq.ParquetWriter(path, schema, compression="zstd", compression_level=3)
        self.rows: list[Json] = []
        self.tables: list[pa.Table] = []

    def add(self, row: Json) -> None:
        self.rows.append(row)
        if len(self.rows) == _ROWS:
            self._convert()
            if len(self.tables) == _GROUP // _ROWS:
                self._write()

    def close(self) -> None:
        self._convert()
        self._write()
        self.writer.close()

    def _convert(self) -> None:
        self.tables.append(pa.Table.from_pylist(self.rows, schema=self.schema))
        self.rows = []

    def _write(self) -> None:
        self.writer.write_table(pa.concat_tables(self.tables).combine_chunks(), row_group_size=_GROUP)
        self.tables = []


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(arg) for arg in sys.argv[2:]])
