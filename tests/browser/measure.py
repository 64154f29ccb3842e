"""What the sample article costs, by how relations and identity are told. Run with tests/ on PYTHONPATH: measure.py URL TOKEN.

EMAIL and PASSWORD of the account come from LABEL_STUDIO_USERNAME and LABEL_STUDIO_PASSWORD. Makes three projects.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from hands import Hands, replay, sparing
from playwright.sync_api import sync_playwright
from station import ROOT
from surroundings import ARGUMENTS, chromium

from dateline.label_studio import config
from dateline.schema import Schema, load
from dateline.union_find import UnionFind

NAME = "calitoday-2025-11-30-takaichi-trump-call.json"
NOTE_FIELD = '        <View className="dl-question dl-q-note">'
KEY_FIELD = (
    '<View className="dl-question dl-q-key"><Header value="key"/><TextArea name="key" toName="text" '
    'perRegion="true" maxSubmissions="1" editable="true" rows="1"/></View>'
)


def typed(results: list[dict[str, Any]], schema: Schema) -> list[dict[str, Any]]:
    """Identity by a key typed at each region in place of unlabelled relations between regions of a kind."""
    labels = {r["id"]: r["value"]["labels"][0] for r in results if r["type"] == "labels"}
    links = [
        r
        for r in results
        if r["type"] == "relation"
        and not r.get("labels")
        and (labels[r["from_id"]] in schema.types) == (labels[r["to_id"]] in schema.types)
    ]
    groups = UnionFind(labels)
    for link in links:
        groups.union(link["from_id"], link["to_id"])
    keys: dict[str, str] = {}
    joined = dict.fromkeys(end for link in links for end in (link["from_id"], link["to_id"]))
    values = {id_: keys.setdefault(groups.find(id_), str(len(keys) + 1)) for id_ in joined}
    fields = [
        {"id": i, "from_name": "key", "type": "textarea", "value": {"text": [k]}} for i, k in values.items()
    ]
    return [r for r in results if r not in links] + fields


def main(url: str, token: str) -> None:
    schema = load(ROOT / "schema")
    stored = json.loads((ROOT / "annotations" / "calitoday" / NAME).read_text(encoding="utf-8"))
    text = json.loads((ROOT / "annotations" / "articles" / NAME).read_text(encoding="utf-8"))["text"]
    (gold,) = [a["result"] for a in stored["annotations"] if a["ground_truth"]]
    spare, xml = sparing(gold, schema), config.xml(schema)
    assert NOTE_FIELD in xml
    variants = {
        "every relation labelled": (xml, gold),
        "default roles, identity by relations": (xml, spare),
        "default roles, identity by a typed key": (
            xml.replace(NOTE_FIELD, KEY_FIELD + NOTE_FIELD),
            typed(spare, schema),
        ),
    }
    api = httpx.Client(base_url=url, headers={"Authorization": f"Token {token}"}, timeout=60, trust_env=False)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium(), args=ARGUMENTS, viewport={"width": 1366, "height": 768}
        )
        for name, (label_config, results) in variants.items():
            project = api.post("/api/projects/", json={"title": name, "label_config": label_config}).json()[
                "id"
            ]
            data = {**stored["data"], "text": text}
            path = f"/api/projects/{project}/import?return_task_ids=true"
            (task,) = api.post(path, json=[{"data": data}]).raise_for_status().json()["task_ids"]
            hands = Hands(context.pages[0], url)
            if not context.cookies(url):
                hands.log_in(os.environ["LABEL_STUDIO_USERNAME"], os.environ["LABEL_STUDIO_PASSWORD"])
            hands.open(project, task)
            hands.show_relations()
            start = time.monotonic()
            replay(hands, results, schema)
            hands.submit()
            arrows = len({(r["from_id"], r["to_id"]) for r in results if r["type"] == "relation"})
            print(
                f"{name}: {hands.actions} actions {dict(hands.done)}, {hands.seconds:.0f} s by the keystroke-level"
            )
            print(f"  model, {time.monotonic() - start:.0f} s for the machine, {arrows} arrows", flush=True)
        context.close()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main(*sys.argv[1:])
