"""Hand-made annotations for tests: results one by one, tasks, and whole annotation folders."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline import export, schema, store, views
from dateline.inline import compile_marks
from dateline.model import Article, Source, sha256
from dateline.outcome import Outcome
from dateline.settings import RuleSettings

ROOT = Path(__file__).parents[1]
SCHEMA = schema.load(ROOT / "schema")
SAMPLE = ROOT / "annotations" / "calitoday" / "calitoday-2025-11-30-takaichi-trump-call.json"
CALL = "[Ann Lee|PERSON #a] [phoned|phone_call participant=a,b medium=telephone] [Bo Ek|PERSON #b] about story {}."

Json = dict[str, Any]


@dataclass
class Sheet:
    """The results of one annotation, drawn one at a time; each method gives the region's id."""

    text: str
    results: list[Json] = field(default_factory=list)

    def trigger(self, words: str, type_: str, id_: str | None = None, nth: int = 0) -> str:
        return self._region(words, "trigger", type_, id_, nth)

    def mention(self, words: str, label: str, id_: str | None = None, nth: int = 0) -> str:
        return self._region(words, "mention", label, id_, nth)

    def choose(self, region: str, control: str, answer: str) -> None:
        self._answer(region, control, "choices", {"choices": [answer]})

    def write(self, region: str, control: str, *lines: str) -> None:
        self._answer(region, control, "textarea", {"text": list(lines)})

    def link(self, head: str, tail: str, *labels: str, direction: str = "right") -> None:
        given = {"labels": list(labels)} if labels else {}
        ends = {"from_id": head, "to_id": tail, "type": "relation", "direction": direction}
        self.results.append({**ends, **given})

    def _region(self, words: str, control: str, label: str, id_: str | None, nth: int) -> str:
        start = -1
        for _ in range(nth + 1):
            start = self.text.index(words, start + 1)
        id_ = id_ or f"r{len(self.results)}"
        value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
        self.results.append(
            {"id": id_, "from_name": control, "to_name": "text", "type": "labels", "value": value}
        )
        return id_

    def _answer(self, region: str, control: str, kind: str, value: Json) -> None:
        span = next(r["value"] for r in self.results if r.get("id") == region)
        where = {"start": span["start"], "end": span["end"]}
        head = {"id": region, "from_name": control, "to_name": "text", "type": kind}
        self.results.append({**head, "value": {**where, **value}})


def task(doc_id: str, text: str, *annotations: Json, **data: Any) -> Json:
    """A stored task; `data` adds to or replaces what an annotator sees of the article."""
    known = {"doc_id": doc_id, "text": text, "text_sha256": sha256(text)}
    return {"data": {**known, **data}, "annotations": list(annotations)}


def annotation(results: list[Json], who: str = "a1", **keys: Any) -> Json:
    return {"completed_by": who, "was_cancelled": False, "ground_truth": False, **keys, "result": results}


def marked(doc_id: str, *sources: str, truth: int | None = None, **data: Any) -> Json:
    """A task whose annotators a1, a2 … made these marks; the one numbered `truth` is ground truth."""
    compiled = [compile_marks(source, SCHEMA, f"{doc_id[:8]}{n}-") for n, source in enumerate(sources)]
    made = [
        annotation(c.results, f"a{n + 1}", ground_truth=n == truth, id=n + 1) for n, c in enumerate(compiled)
    ]
    return task(doc_id, compiled[0].text, *made, **data)


def call(doc_id: str, **data: Any) -> Json:
    """A task with one phone call, and a text of its own."""
    return marked(doc_id, CALL.format(doc_id), **data)


def write(annotations: Path, batch: str, *tasks: Json, **source: Any) -> Path:
    """Tasks as a batch of an annotations folder, their articles beside them. Returns the folder."""
    for t in tasks:
        data = t["data"]
        given = {key: data[key] for key in ("title", "publisher", "published_at") if key in data}
        article = Article(
            doc_id=data["doc_id"],
            text=data["text"],
            text_sha256=data["text_sha256"],
            source=Source(**{"language": "en", **given, **source}),
        )
        path = store.article_path(annotations, article.doc_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(store.article_text(article).encode())
        place = store.task_path(annotations, batch, article.doc_id)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(store.task_text(t).encode())
    return annotations


def made(
    annotations: Path, out: Path, *batches: str, name: str | None = None, hold_back: bool = False
) -> Outcome:
    """Export the batches (all, where none is named) as one dataset in `out`."""
    found = batches or tuple(store.batches(annotations))
    rules = RuleSettings(severity={"W905": "off"})  # these texts come from nowhere
    plan = export.Plan(annotations, found, out, name or found[0], views.NAMES, hold_back, rules=rules)
    return export.export(plan, SCHEMA)


def run(*args: object, cwd: Path | None = None, **env: str) -> "subprocess.CompletedProcess[str]":
    """`scripts/export.py` with these arguments."""
    command = [sys.executable, str(ROOT / "scripts" / "export.py"), *map(str, args)]
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, by relative path."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }
