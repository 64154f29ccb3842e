"""How large an article and its annotations may be: asked before anything is made of them.

A few bytes can ask for gigabytes: each row of some views bears a copy of the article's text, and each span one
of its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from dateline.findings import Finding
from dateline.schema import Schema
from dateline.settings import Thresholds

_HINT = "split the article, or raise {} under [rules.thresholds] if there is memory for it"


class _Size(NamedTuple):
    """Of one annotation: what was drawn, and the characters that spans and rows will copy of the text."""

    marks: int
    copies: int


def check(value: dict[str, Any], schema: Schema, limits: Thresholds) -> Finding | None:
    """E213 for a decoded task, record or article that is over a limit; whatever its shape, nothing is raised."""
    data = value.get("data")
    given = data if isinstance(data, dict) else value
    text, doc_id = given.get("text"), given.get("doc_id")
    length = len(text) if isinstance(text, str) else 0
    said = _over("text_characters", f"the text has {length:,} characters", length, limits)
    for size in () if said else _sizes(value, length, schema, limits):
        said = (
            said
            or _over(
                "marks", f"an annotation has {size.marks:,} regions, answers and links", size.marks, limits
            )
            or _over(
                "copied_characters", f"an annotation copies {size.copies:,} characters", size.copies, limits
            )
        )
    if said is None:
        return None
    message, hint = said
    return Finding(
        code="E213", message=message, hint=hint, doc_id=doc_id if isinstance(doc_id, str) else None
    )


def _over(name: str, fact: str, count: int, limits: Thresholds) -> tuple[str, str] | None:
    most: int = getattr(limits, name)
    return (f"{fact}, and {most:,} is the limit", _HINT.format(name)) if count > most else None


def _sizes(value: dict[str, Any], length: int, schema: Schema, limits: Thresholds) -> Iterator[_Size]:
    if "data" not in value and "annotations" not in value:
        yield _of_record(value, length)
        return
    for annotation in _list(value, "annotations"):
        results = _list(annotation, "result")
        most = _Size(len(results), 2 * length * len(results))  # a result copies two texts' length at most
        yield most if _fits(most, limits) else _of_results(results, length, schema)


def _fits(size: _Size, limits: Thresholds) -> bool:
    return size.marks <= limits.marks and size.copies <= limits.copied_characters


def _of_results(results: list[Any], length: int, schema: Schema) -> _Size:
    copies = 0
    for result in results:
        if not isinstance(result, dict):
            continue
        if result.get("type") == "labels":
            copies += _span(result.get("value"), length)
            copies += length * (result.get("from_name") == "trigger")
        elif result.get("type") == "relation":
            copies += (
                2
                * length
                * any(label in schema.relations for label in _list(result, "labels") if _is_name(label))
            )
    return _Size(len(results), copies)


def _of_record(record: dict[str, Any], length: int) -> _Size:
    events = [event for event in _list(record, "events") if isinstance(event, dict)]
    mentions, relations = _list(record, "mentions"), _list(record, "relations")
    triggers = [trigger for event in events for trigger in _list(event, "triggers")]
    arguments = (event["arguments"] for event in events if isinstance(event.get("arguments"), dict))
    fillers = sum(len(found) for roles in arguments for found in roles.values() if isinstance(found, list))
    spans = sum(_span(span, length) for span in (*mentions, *triggers))
    marks = len(mentions) + len(triggers) + len(relations) + fillers
    return _Size(marks, spans + length * (len(triggers) + 2 * len(relations)))


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _is_name(value: object) -> bool:
    return isinstance(value, str)


def _span(span: Any, length: int) -> int:
    """The characters between the offsets, as far as the text goes."""
    start, end = (span.get("start"), span.get("end")) if isinstance(span, dict) else (0, 0)
    if not isinstance(start, int) or not isinstance(end, int):
        return 0
    return max(min(end, length) - max(start, 0), 0)
