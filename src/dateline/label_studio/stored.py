"""An annotation as the batch's file holds it: what people made, where it lies on a server, and what was last agreed on.

Beside Label Studio's own keys (`id`, `task`, `project`, `completed_by` as a pseudonym, `was_cancelled`,
`ground_truth`, `lead_time`, `result`) a stored annotation has these of Dateline:

- `origin`: the key of the project that `id`, `task` and `project` belong to; it is written in the project's
  description, so it outlives a change of address, and two servers that count alike are told apart
- `base`: the digest of the content that this file and the server last had in common. Whoever changes the annotation
  here leaves it alone: that is how a change is noticed, by push as something to bring, by pull as something to keep
- `meant_for`: the annotator whose project it is, where somebody else made the annotation (finding E810)
- `from`, `pre_annotated`, `guideline_version`: see `wire.Annotation`
- `adjudication`: of a ground truth, how each of its items was settled and from whom it comes
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

Json = dict[str, Any]

ORDER = ("id", "task", "project", "origin", "base", "completed_by", "meant_for", "was_cancelled", "ground_truth",
         "lead_time", "guideline_version", "pre_annotated", "from", "adjudication", "result")  # fmt: skip
KNOWN_HERE = ("pre_annotated", "from", "guideline_version")  # Label Studio has no place for them
_VOLATILE = frozenset(
    {"origin", "globalOffsets"}
)  # of a result: how the region came about, and a copy of its offsets


def taken(remote: Json, own: Json, origin: str, local: Json | None = None) -> Json:
    """The server's annotation in the form in which it is stored; what only the local file knows is kept.

    `own` holds `completed_by`, a pseudonym, and what else is known of Dateline's own keys.
    """
    known = {**own, **(local or {})}
    fields: Json = {
        **{key: known[key] for key in (*KNOWN_HERE, "adjudication") if known.get(key)},
        **{key: remote[key] for key in ("id", "task", "project")},
        "origin": origin,
        "base": digest(remote),
        "completed_by": own["completed_by"],
        "was_cancelled": bool(remote.get("was_cancelled")),
        "ground_truth": bool(remote.get("ground_truth")),
        "result": results(remote.get("result")),
    }
    if remote.get("lead_time") is not None:
        fields["lead_time"] = remote["lead_time"]
    if remote.get("parent_prediction") is not None:
        fields["pre_annotated"] = True
    return ordered(fields)


def ordered(annotation: Json) -> Json:
    """The same annotation with its keys in the order of the file."""
    return {key: annotation[key] for key in (*ORDER, *annotation) if key in annotation}


def bound(local: Json, remote: Json, origin: str, base: str | None = None) -> Json:
    """The local annotation, now known to be that one on the server and equal to it or knowingly newer."""
    place = {key: remote[key] for key in ("id", "task", "project")}
    return ordered({**local, **place, "origin": origin, "base": base or digest(remote)})


def payload(annotation: Json) -> Json:
    """What of a stored annotation goes to the server."""
    sent = {key: annotation.get(key) for key in ("was_cancelled", "ground_truth", "lead_time")}
    return {
        **{key: value for key, value in sent.items() if value is not None},
        "result": annotation["result"],
    }


def is_changed(annotation: Json) -> bool:
    """True where a bound annotation was changed here since it was last in step with the server."""
    return annotation.get("base") is not None and digest(annotation) != annotation["base"]


def digest(annotation: Json) -> str:
    """A digest of what an annotation says: its results in any order, skipped or not, ground truth or not."""
    said = [
        bool(annotation.get("was_cancelled")),
        bool(annotation.get("ground_truth")),
        *results(annotation.get("result")),
    ]
    return hashlib.sha256(_canonical(said)).hexdigest()[:16]


def import_id(doc_id: str, annotation: Json) -> int:
    """The number under which a local annotation is known to the server from the moment it is sent."""
    who = f"{doc_id}\0{annotation.get('completed_by')}\0{bool(annotation.get('ground_truth'))}"
    return int(hashlib.sha256(who.encode()).hexdigest()[:12], 16)


def results(given: Any) -> list[Any]:
    """The results in a fixed order, regions by place with their answers, then relations; without volatile keys."""
    found = [_clean(result) for result in given] if isinstance(given, list) else []
    starts = {r["id"]: _place(r) for r in found if _kind(r) == "labels" and isinstance(r.get("id"), str)}
    return sorted(found, key=lambda result: _rank(result, starts))


def _canonical(value: Any) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def _clean(result: Any) -> Any:
    if not isinstance(result, dict):
        return result
    kept = {key: value for key, value in result.items() if key not in _VOLATILE and value is not None}
    if kept.get("labels") == []:
        del kept["labels"]
    if isinstance(kept.get("value"), dict):
        kept["value"] = {key: value for key, value in kept["value"].items() if key not in _VOLATILE}
    order = ("id", "from_id", "to_id", "from_name", "to_name", "type", "direction", "labels", "value")
    return {key: kept[key] for key in (*order, *sorted(kept)) if key in kept}


def _kind(result: Any) -> str:
    return str(result.get("type")) if isinstance(result, dict) else ""


def _place(result: Json) -> tuple[int, int]:
    value = _value(result)
    ends = (value.get("start"), value.get("end"))
    return tuple(end if isinstance(end, int) else -1 for end in ends)  # type: ignore[return-value]


def _rank(result: Any, starts: dict[str, tuple[int, int]]) -> tuple[Any, ...]:
    text = _canonical(result)
    if not isinstance(result, dict):
        return (2, (0, 0), "", 0, text)
    if _kind(result) == "relation":
        return (1, (0, 0), str(result.get("from_id")), 0, text)
    id_ = str(result.get("id"))
    return (0, starts.get(id_, _place(result)), id_, _kind(result) != "labels", text)


def lines(annotation: Json) -> list[str]:
    """What an annotation says, a line a result, for people to compare."""
    given = [result for result in results(annotation.get("result")) if isinstance(result, dict)]
    words = {str(r.get("id")): _words(r) for r in given if _kind(r) == "labels"}
    states = [name for name in ("was_cancelled", "ground_truth") if annotation.get(name)]
    return states + [_line(result, words) for result in given]


def _line(result: Json, words: dict[str, str]) -> str:
    if _kind(result) == "relation":
        ends = [words.get(str(result.get(end)), f"region {result.get(end)}") for end in ("from_id", "to_id")]
        labels = result.get("labels")
        return f"{ends[0]} -> {ends[1]}: {_listed(labels) if labels else 'no label'}"
    if _kind(result) == "labels":
        return _words(result)
    value = _value(result)
    answer = value.get("choices") or value.get("text") or value
    return (
        f"{words.get(str(result.get('id')), result.get('id'))}: {result.get('from_name')} = {_listed(answer)}"
    )


def _words(result: Json) -> str:
    value = _value(result)
    where = f"[{value.get('start')}:{value.get('end')}]"
    return f"{_listed(value.get('labels') or '?')} «{str(value.get('text'))[:60]}» {where}"


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _value(result: Json) -> Json:
    value = result.get("value")
    return value if isinstance(value, dict) else {}
