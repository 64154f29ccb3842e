"""What a worker makes of one block: it is read, checked and accounted for, and its rows go into the spool.

Nothing here knows of any other block. What the articles show together is asked afterwards, of what is told.
"""

from __future__ import annotations

import dataclasses
import gc
import pickle
import uuid
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from dateline import (
    accounting,
    corpus,
    loss_report,
    making,
    near_duplicates,
    reading,
    resolve,
    rows,
    storage,
    store,
    text_free,
    views,
)
from dateline.blocks import Block
from dateline.collector import replaced
from dateline.cutting import Raw
from dateline.engine import said
from dateline.findings import Finding, order
from dateline.model import Document
from dateline.reading import Item
from dateline.schema import Schema
from dateline.settings import RuleSettings
from dateline.spool import Spool
from dateline.views import Row, Sheet

if TYPE_CHECKING:
    import pyarrow as pa

ARTICLES, TEXTS, _LOSSES = "_articles", "_texts", "_losses-"  # tables of the spool beside those of the views
_ENOUGH = 4 * 2**20  # bytes of rows that are made into a table


@dataclass(frozen=True)
class Context:
    """What is the same for all blocks; without `views` nothing but findings is made."""

    schema: Schema
    rules: RuleSettings = field(default_factory=RuleSettings)
    views: tuple[str, ...] = ()
    omit: bool = False
    min_words: int = near_duplicates.MIN_WORDS

    def packed(self) -> bytes:
        """The context for a job; compiled validators stay at home."""
        bare = dataclasses.replace(self, schema=dataclasses.replace(self.schema))
        return pickle.dumps((bare, uuid.uuid4().hex))  # another one each time: workers may outlive a run


class Job(msgspec.Struct, frozen=True):
    """A block to be worked on. With a spool's folder rows are made; `key` says of which input and options."""

    block: Block
    context: bytes
    spool: str = ""
    key: str = ""


class Told(msgspec.Struct):
    """What a block gave, beside its tables in the spool.

    `places` are articles of a batch with their file and line; `unread` are names of values that errors have
    left no annotation of, with the reason; `inputs` the articles' files that went in, with their SHA-256;
    `names` the uses of words under a label.
    """

    number: int
    values: int = 0
    counts: dict[str, int] = {}
    findings: list[Finding] = []
    places: list[tuple[str, str, int]] = []
    unread: list[tuple[str, str]] = []
    inputs: dict[str, str] = {}
    names: list[corpus.Use] = []


def work(job: Job) -> Told:
    """Read and check a block, and leave its tables in the spool; a block that is done already stays."""
    if not job.spool:
        return _made(job, None)
    spool, number = Spool(storage.place(job.spool)), job.block.number
    if (done := spool.done(number, job.key)) is not None:
        return msgspec.msgpack.decode(done, type=Told)
    told = _made(job, spool)
    spool.finish(number, job.key, msgspec.msgpack.encode(told))
    return told


def _made(job: Job, spool: Spool | None) -> Told:
    was_on = gc.isenabled()
    gc.disable()  # records hold no circles, and looking for some takes as long as the work itself
    try:
        return _Portion(_context(job.context), spool, job.block.number).made(job.block)
    finally:
        if was_on:
            gc.enable()


@lru_cache(maxsize=2)
def _context(packed: bytes) -> Context:
    context: Context = pickle.loads(packed)[0]  # noqa: S301 - this program made it
    storage.forget()
    return context


@dataclass
class _Pending:
    """Rows of one view that are not a table yet; the article of each, and its length in code points."""

    rows: list[Row] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)


class _Portion:
    """A block on its way."""

    def __init__(self, context: Context, spool: Spool | None, number: int) -> None:
        self.context, self.told = context, Told(number)
        self.spool = spool
        self.names = corpus.Names(context.schema)
        self.counts: Counter[str] = Counter()
        self.articles: list[Row] = []
        self.texts: list[str] = []
        self.losses: dict[str, list[Row]] = defaultdict(list)
        self.pending: dict[str, _Pending] = defaultdict(_Pending)
        self.held = 0  # bytes of text in pending rows
        self.tables: dict[str, list[pa.Table]] = defaultdict(list)

    def made(self, block: Block) -> Told:
        """Work through the block."""
        told, context = self.told, self.context
        for value in block.values():
            told.values += 1
            try:
                for item in reading.items([value], context.schema, context.rules):
                    self._take(item)
            except Exception as error:  # a defect costs the value that brings it to light, and is told
                self._give_up(value, error)
        told.findings, told.counts, told.names = order(told.findings), dict(self.counts), self.names.uses()
        if self.spool is not None:
            told.inputs |= {part: storage.digest(part) for part in block.parts if isinstance(part, str)}
            self._write(self.spool)
        return told

    def _take(self, item: Item) -> None:
        self.counts.update(item.counts)
        if self.spool is not None:
            self._account(item)
        elif item.doc_id is not None and any(d.annotation.batch for d in item.documents):
            self.told.places.append((item.doc_id, item.file, item.line))
        self.told.findings += item.findings
        self.names.add(item)
        errors = sorted({f.code for f in item.findings if f.severity == "error"})
        if errors and not item.documents:
            name = item.doc_id or Path(item.file).name
            self.told.unread.append((name, f"cannot be read: {', '.join(errors)}"))
        if item.doc_id is not None and self.spool is not None:
            self._take_article(item)

    def _give_up(self, value: Raw | Finding, error: Exception) -> None:
        message = f"could not be worked on: {said(error)}"
        hint = (
            "this is a defect of Dateline: please report it with the value, and leave the file out until then"
        )
        self.told.findings.append(
            Finding(code="E010", message=message, hint=hint, file=value.file, line=value.line)
        )
        name = f"{Path(value.file or '').name}:{value.line}"
        self.told.unread.append((name, "could not be worked on"))

    def _account(self, item: Item) -> None:
        """Hold every sound annotation against what its annotator drew."""
        for document, plain in pairs(item):
            if item.sound(document):
                found = accounting.compare(plain["result"], document)
                item.findings += [replaced(f, file=item.file, line=item.line) for f in found]

    def _take_article(self, item: Item) -> None:
        sound = [d for d in item.documents if item.sound(d)]
        decision = _decide(item, sound)
        self._make_rows(item, sound, decision.document)
        self.articles.append(_article(item, sound, decision, self.context.omit))
        self.texts.append(sound[0].text if sound else "")
        if sound:
            path = store.article_path(storage.place(item.file).parent.parent, sound[0].doc_id)
            self.told.findings += self.context.rules.grade(corpus.origins([(sound[0], str(path))]))
            with suppress(OSError):  # reading has said so already
                self.told.inputs[str(path)] = storage.digest(path)

    def _make_rows(self, item: Item, sound: list[Document], chosen: Document | None) -> None:
        drawn = {id(d): accounting.size(plain["result"]) for d, plain in pairs(item) if item.sound(d)}
        number = len(self.articles)
        for document in sound:
            size = drawn.get(id(document)) or accounting.recorded(document)
            sheet = Sheet(document, self.context.schema, document is chosen, size)
            made = {view: making.made(view, sheet, self.context.omit) for view in self.context.views}
            for view, (found, lost) in made.items():
                self._hold(view, found, number, len(document.text))
                self.losses[view] += [
                    {"kind": loss.kind, "line": loss_report.line(loss), rows.ARTICLE: number} for loss in lost
                ]
        if self.held > _ENOUGH:
            self._make_tables()

    def _hold(self, view: str, found: list[Row], number: int, length: int) -> None:
        pending = self.pending[view]
        pending.rows += found
        pending.articles += [number] * len(found)
        pending.lengths += [length] * len(found)
        repeated = length if "text" in views.COLUMNS[view] else 0
        self.held += (repeated + 1000) * len(found)

    def _make_tables(self) -> None:
        import numpy as np
        import pyarrow as pa

        for view, pending in self.pending.items():
            table = rows.table(view, pending.rows, views.COLUMNS[view])
            weights = rows.weights(table, views.COLUMNS[view], np.array(pending.lengths, np.int64))
            table = table.append_column(rows.ARTICLE, pa.array(pending.articles, pa.int32()))
            self.tables[view].append(table.append_column(rows.WEIGHT, pa.array(weights)))
        self.pending, self.held = defaultdict(_Pending), 0

    def _write(self, spool: Spool) -> None:
        """Leave the tables in the spool: those of the views, articles with their sizes, losses, texts."""
        import pyarrow as pa

        self._make_tables()
        articles = pa.Table.from_pylist(self.articles, schema=article_schema())
        for view in self.context.views:
            made = pa.concat_tables(self.tables[view]) if self.tables[view] else None
            for name, sizes in _sizes(made, len(self.articles)):
                articles = articles.append_column(f"{name}/{view}", sizes)
            if made is not None and made.num_rows:
                spool.write(self.told.number, view, made)
        sketches = near_duplicates.sketches(self.texts, self.context.min_words)
        packed = pa.array([s.tobytes() for s in sketches], pa.binary(sketches.dtype.itemsize))
        spool.write(self.told.number, ARTICLES, articles.append_column("sketch", packed))
        spool.write(self.told.number, TEXTS, pa.table({"text": pa.array(self.texts, pa.large_string())}))
        for view, lost in self.losses.items():
            if lost:
                spool.write(self.told.number, losses_of(view), _losses(lost))


def pairs(item: Item) -> list[tuple[Document, dict[str, Any]]]:
    """Each record with the annotation that it was read from."""
    if not isinstance(item.plain, dict) or not item.documents or "annotations" not in item.plain:
        return []
    submitted = [a for a in item.plain["annotations"] if isinstance(a, dict) and not a.get("was_cancelled")]
    return list(zip(item.documents, submitted, strict=False))


def article_schema() -> pa.Schema:
    """What is told of each article; `documents` and `sound` count annotations, `need` is for a text-free dataset."""
    import pyarrow as pa

    text, number, texts = pa.string(), pa.int64(), pa.list_(pa.string())
    return pa.schema(
        [
            ("doc_id", text), ("file", text), ("line", number), ("published_at", text), ("documents", number),
            ("sound", number), ("annotators", texts), ("chosen", pa.bool_()), ("reason", text), ("code", text),
            ("types", texts), ("labels", texts), ("need", text),
        ]
    )  # fmt: skip


def losses_of(view: str) -> str:
    """The name of the table of a view's losses: kind, line of the report, article."""
    return f"{_LOSSES}{view}"


def _losses(lost: list[Row]) -> pa.Table:
    import pyarrow as pa

    types = {"kind": pa.string(), "line": pa.string(), rows.ARTICLE: pa.int32()}
    return pa.Table.from_pylist(lost, schema=pa.schema(list(types.items())))


def _article(item: Item, sound: list[Document], decision: resolve.Decision, omit: bool) -> Row:
    chosen = decision.document
    return {
        "doc_id": item.doc_id,
        "file": item.file,
        "line": item.line,
        "published_at": sound[0].source.published_at if sound else None,
        "documents": len(item.documents),
        "sound": len(sound),
        "annotators": [d.annotation.annotator for d in item.documents],
        "chosen": chosen is not None,
        "reason": decision.reason,
        "code": decision.code,
        "types": [e.type for e in chosen.events] if chosen else [],
        "labels": sorted(corpus.labels(chosen)) if chosen else [],
        "need": text_free.lines([text_free.need(sound[0])]) if sound and omit else None,
    }


def _decide(item: Item, sound: list[Document]) -> resolve.Decision:
    """The annotation that counts. With an error in one, only ground truth counts: the others may be half of it."""
    decision = resolve.resolve(sound)
    broken = [d.annotation.annotator for d in item.documents if not item.sound(d)]
    if broken and decision.reason != resolve.GROUND_TRUTH:
        return resolve.Decision(None, f"errors in the annotation of {', '.join(sorted(broken))}")
    return decision


def _sizes(table: pa.Table | None, articles: int) -> list[tuple[str, Any]]:
    """How many rows of a view each article has, and how much they weigh."""
    import numpy as np
    import pyarrow as pa

    if table is None:
        empty = pa.array(np.zeros(articles, np.int64))
        return [("rows", empty), ("weight", empty)]
    whose = table[rows.ARTICLE].to_numpy()
    weights = np.bincount(whose, table[rows.WEIGHT].to_numpy(), articles).astype(np.int64)
    return [("rows", pa.array(np.bincount(whose, minlength=articles))), ("weight", pa.array(weights))]
