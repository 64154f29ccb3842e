"""What push and pull cost on a large project, measured beside the server's own export."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dateline import files, pull, push, store
from dateline.label_studio import projects, write
from dateline.label_studio.client import Client
from dateline.model import Article, Source, sha256
from dateline.schema import Schema

Json = dict[str, Any]

SENTENCE = "The minister {:>9} called again today. "  # 40 characters
SIZE, REGIONS = 75, 20  # sentences of an article, regions of an annotation


def measure(client: Client, schema: Schema, folder: Path, tasks: int = 5000) -> dict[str, float]:
    """Seconds of each step and the peak memory of this process in MiB, for `tasks` articles of 3 KB with two
    annotations of 20 regions each. `folder` is filled, and a project is left on the server.
    """
    batch = f"cost-{time.time_ns()}"
    articles = [_article(n) for n in range(tasks)]
    for article in articles:
        files.write_text(
            store.task_path(folder, batch, article.doc_id), store.task_text(_task(article, schema))
        )
    wanted = push.Order(batch=batch, with_annotations=True)
    found: dict[str, float] = {"memory before": _peak()}

    def timed(name: str, step: Callable[[], Any]) -> Any:
        start = time.monotonic()
        result = step()
        found[f"{name}, seconds"] = round(time.monotonic() - start, 1)
        found[f"{name}, peak MiB"] = _peak()
        return result

    timed("push", lambda: push.push(client, schema, folder, wanted, articles))
    timed("push again", lambda: push.push(client, schema, folder, wanted, articles))
    sources = projects.of_batch(client, batch)
    for path in (folder / batch).iterdir():
        path.unlink()
    timed("pull", lambda: pull.pull(client, folder, batch, sources))
    timed("pull again", lambda: pull.pull(client, folder, batch, sources))
    timed("server's snapshot", lambda: sum(len(piece) for piece in client.snapshot(sources[0].id)))
    return found


def _article(n: int) -> Article:
    text = "".join(SENTENCE.format(f"no. {n}-{i}") for i in range(SIZE))
    return Article(doc_id=f"article-{n}", text=text, text_sha256=sha256(text), source=Source(language="en"))


def _task(article: Article, schema: Schema) -> Json:
    task = write.article_task(article, schema.version, schema.guideline_version)
    made = [
        {"completed_by": who, "ground_truth": False, "result": list(map(_region, range(REGIONS)))}
        for who in ("a1", "a2")
    ]
    return {**task, "annotations": made}


def _region(n: int) -> Json:
    start = n * 40 + 4
    value = {"start": start, "end": start + 8, "text": "minister", "labels": ["PERSON"]}
    return {"id": f"r{n}", "from_name": "mention", "to_name": "text", "type": "labels", "value": value}


def _peak() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)
