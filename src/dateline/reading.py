"""From paths to checked records: every value of the input is read, whatever is wrong with another."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from dateline import addresses, checks, sources, storage, store, wording
from dateline.checks import shape, size
from dateline.collector import Collector, replaced
from dateline.findings import Finding, has_errors
from dateline.label_studio import convert, projects
from dateline.model import Article, Document, sha256
from dateline.schema import Schema
from dateline.settings import RuleSettings, Thresholds

DEFAULT = RuleSettings()
_SEARCHED = 8  # so many regions are searched one by one
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')


@dataclass
class Item:
    """What one JSON value of the input gave.

    `documents` are its annotations as records, whether sound or not; `findings` are all findings on
    it; `plain` is the decoded value. `home` is the annotations folder that it lies in, if any.
    """

    file: str
    line: int
    doc_id: str | None = None
    documents: list[Document] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    plain: Any = None

    def sound(self, document: Document) -> bool:
        """True when no error is about this annotation or about the article as a whole."""
        who = document.annotation.annotator
        return not has_errors(f for f in self.findings if f.annotator in (None, who))


def read(
    paths: Iterable[Path | str],
    schema: Schema,
    stdin: BinaryIO | None = None,
    rules: RuleSettings = DEFAULT,
) -> Iterator[Item]:
    """Read and check everything below the paths, in order.

    Accepts what `sources.read` does, holding Label Studio tasks, records and articles. A file that
    lies in `<annotations>/<batch>/` takes its batch's name, and its text and source from
    `<annotations>/articles/`. Findings have the severities that `rules` gives them. Raises
    sources.SourceError for a path that cannot be read.
    """
    return items(sources.read(paths, stdin=stdin), schema, rules)


def items(
    values: Iterable[sources.Raw | Finding], schema: Schema, rules: RuleSettings = DEFAULT
) -> Iterator[Item]:
    """The same for values that are cut out already; a finding stands for what is no value."""
    for raw in values:
        if isinstance(raw, Finding):
            yield Item(raw.file or "", raw.line or 1, findings=rules.grade([raw]))
        else:
            item = _item(raw, schema, rules.thresholds)
            item.findings = rules.grade(item.findings)
            yield item


def _item(raw: sources.Raw, schema: Schema, thresholds: Thresholds = DEFAULT.thresholds) -> Item:
    item = Item(raw.file, raw.line)
    value = sources.parse(raw)
    if isinstance(value, Finding):
        item.findings.append(value)
        return item
    item.plain = value
    batch, home = _home(raw.file)
    if isinstance(value, dict) and (newer := _newer(value)):
        item.findings = _located([newer], raw)
        return item
    if isinstance(value, dict) and (large := size.check(value, schema, thresholds)):
        item.doc_id, item.findings = large.doc_id, _located([large], raw)
        return item
    if isinstance(value, dict) and convert.is_task(value):
        _read_task(item, value, schema, batch, thresholds)
    elif isinstance(value, dict) and "text" in value and ("mentions" in value or "events" in value):
        _read_record(item, value, schema, thresholds)
    elif isinstance(value, dict) and set(value) - {"format"} == {"doc_id", "text", "text_sha256", "source"}:
        _read_article(item, value)
    else:
        item.findings.append(_foreign(value))
    if home is not None and isinstance(value, dict) and _has_at(raw.data):
        _refuse_addresses(item, value)
    if home is not None and item.documents:
        _take_article(item, home)
    is_here = home is not None and not storage.is_url(home)  # what is only known to a machine lies on it
    links = _links(value, home) if home is not None and is_here and isinstance(value, dict) else {}
    item.findings = [_linked(finding, links) for finding in _located(item.findings, raw)]
    return item


def _newer(value: dict[str, Any]) -> Finding | None:
    """E102 for a task, a record or an article that says of itself to be of a later format: nothing of it is read."""
    if "format" not in value or not ("text" in value or convert.is_task(value)):
        return None
    try:
        store.check_format(value)
    except store.NewerError as error:
        return Finding(code="E102", message=f"the file {error}", hint=store.NEWER)
    return None


def _home(file: str) -> tuple[str | None, Path | None]:
    """The batch and the annotations folder of a file, where it lies in one."""
    folder = storage.place(file).parent
    if folder.name and folder.name != store.ARTICLES and storage.is_folder(folder.parent / store.ARTICLES):
        return folder.name, folder.parent
    return None, None


def _read_task(
    item: Item, value: dict[str, Any], schema: Schema, batch: str | None, thresholds: Thresholds
) -> None:
    reading = convert.read_task(value, schema, batch)
    item.doc_id, item.documents, item.findings = reading.doc_id, reading.documents, reading.findings
    item.counts.update(reading.counts)
    for document, tainted in zip(reading.documents, reading.tainted, strict=True):
        known = [f for f in reading.findings if f.annotator == document.annotation.annotator]
        for finding in checks.check(document, schema, tainted, known, thresholds):
            if finding.code in checks.OF_THE_ARTICLE:
                if _has(item.findings, finding.code):
                    continue
                finding = replaced(finding, annotator=None)
            item.findings.append(finding)


def _has(findings: list[Finding], code: str) -> bool:
    return any(finding.code == code for finding in findings)


def _has_at(data: bytes) -> bool:
    """Whether the JSON can hold an e-mail address at all."""
    return b"@" in data or b"\\u0040" in data


def _refuse_addresses(item: Item, value: dict[str, Any]) -> None:
    places = list(addresses.places(value))
    if places and not _has(item.findings, "E910"):
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        message = f"an e-mail address stands at {places[0]}{more}"
        hint = "people are pseudonyms here: put one such as a1 in its place, and leave user objects out"
        item.findings.append(Finding(code="E910", message=message, hint=hint, doc_id=item.doc_id))


def _read_record(item: Item, value: dict[str, Any], schema: Schema, thresholds: Thresholds) -> None:
    item.doc_id = value["doc_id"] if isinstance(value.get("doc_id"), str) else None
    item.counts.update(annotations=1)
    item.findings += shape.check(value, schema)
    try:
        document = msgspec.convert(value, Document)
    except msgspec.ValidationError as error:
        if not has_errors(item.findings):
            item.findings.append(
                Finding(code="E101", message=f"not a record: {wording.of(error)}", doc_id=item.doc_id)
            )
        return
    item.documents.append(document)
    if all(event.triggers for event in document.events):
        item.findings += checks.check_meaning(document, schema, thresholds=thresholds)


def _read_article(item: Item, value: dict[str, Any]) -> None:
    item.counts.update(articles=1)
    try:
        article = msgspec.convert(value, Article)
    except msgspec.ValidationError as error:
        item.findings.append(Finding(code="E101", message=f"not an article: {wording.of(error)}"))
        return
    item.doc_id = article.doc_id
    if sha256(article.text) != article.text_sha256:
        message = "the article's text differs from its hash"
        item.findings.append(
            Finding(code="E204", message=message, hint="restore the text", doc_id=article.doc_id)
        )


def _foreign(value: object) -> Finding:
    message = "neither a Label Studio task nor a record nor an article"
    hint = "export the project as JSON in Label Studio, or give records"
    if isinstance(value, dict) and "annotator" in value and "text" in value:
        message += ": this looks like Label Studio's JSON_MIN, which has lost the relations"
    elif isinstance(value, dict) and isinstance(value.get("tasks"), list):
        message += ": this is an answer of Label Studio's API"
    elif not isinstance(value, dict):
        message += f": it is {'a list' if isinstance(value, list) else 'a single value'}"
    return Finding(code="E101", message=message, hint=hint)


def _take_article(item: Item, home: Path) -> None:
    """Hold the text against the article's file, which also is the authority on the source."""
    collect = Collector(doc_id=item.doc_id)
    path = store.article_path(home, item.documents[0].doc_id)
    if not storage.exists(path):
        message = f"there is no article file {path.name}: text and source are the task's own"
        collect.add("I819", message, f"put the article into {store.ARTICLES}/")
    else:
        try:
            article = _article(path, storage.version(path))
        except store.StoreError as error:
            collect.add(
                "E820",
                f"the article's file cannot be used: {error.reason}",
                error.hint,
                file=str(path),
                line=1,
            )
        else:
            _hold_against(article, item, collect)
    item.findings += collect.findings


def _hold_against(article: Article, item: Item, collect: Collector) -> None:
    text = item.documents[0].text
    if article.text != text and not _has(item.findings, "E204"):
        pairs = enumerate(zip(text, article.text, strict=False))
        at = next((n for n, (a, b) in pairs if a != b), min(len(text), len(article.text)))
        message = f"the text differs from the article's, first at {at}: {text[at : at + 20]!r} for {article.text[at : at + 20]!r}"
        collect.add("E204", message, "offsets hold for one text only: restore it, or annotate anew", start=at)
    item.documents = [msgspec.structs.replace(d, source=article.source) for d in item.documents]


@lru_cache(maxsize=64)
def _article(path: Path, _modified: int) -> Article:
    return store.read_article(path)


def _links(task: dict[str, Any], home: Path) -> dict[str, str]:
    """For each annotator the address that opens the task where they annotated, as far as this machine knows it."""
    known = projects.addresses(home)
    annotations = task.get("annotations")
    if not known or not isinstance(annotations, list):
        return {}
    stored = [a for a in annotations if isinstance(a, dict)]
    return {str(a.get("completed_by")): url for a in stored if (url := projects.link(a, known)) is not None}


def _linked(finding: Finding, links: dict[str, str]) -> Finding:
    """The finding with a link; what is about the article as a whole opens the first annotator's task."""
    if finding.url is not None or not links:
        return finding
    url = links.get(finding.annotator) if finding.annotator is not None else next(iter(links.values()))
    return replaced(finding, url=url)


def _located(findings: list[Finding], raw: sources.Raw) -> list[Finding]:
    """The findings with their file and the line of their region, or of the value's beginning."""
    lines = _lines(raw, {f.region for f in findings if f.region and f.file is None})
    return [
        replaced(f, file=raw.file, line=raw.line + lines.get(f.region or "", 0)) if f.file is None else f
        for f in findings
    ]


def _lines(raw: sources.Raw, regions: set[str]) -> dict[str, int]:
    """After how many line breaks each of the regions is named first; not those that are nowhere."""
    wanted = {json.dumps(region, ensure_ascii=False).encode(): region for region in regions}
    if len(wanted) > _SEARCHED:  # a search each would be quadratic
        places: dict[bytes, int] = {}
        for match in _STRING.finditer(raw.data):
            if match[0] in wanted:
                places.setdefault(match[0], match.start())
    else:
        places = {name: at for name in wanted if (at := raw.data.find(name)) >= 0}
    lines, line, before = {}, 0, 0
    for name, at in sorted(places.items(), key=lambda place: place[1]):
        line, before = line + raw.data.count(b"\n", before, at), at
        lines[wanted[name]] = line
    return lines
