"""The whole circle: two annotators, agreement, a review decided with mouse clicks, ground truth, export, load."""

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from hands import Hands
from station import Json, Station

from dateline import (
    adjudication,
    agreement,
    export,
    inline,
    pull,
    push,
    reading,
    resolve,
    store,
    stored_batch,
    views,
)
from dateline.adjudication import screen, truth
from dateline.label_studio import projects
from dateline.label_studio.access import Access
from dateline.label_studio.client import Client
from dateline.model import Article, Source, sha256
from dateline.schema import Schema

DENIAL = "[Acme|ORG #o] [denied|press_denial speaker=o denied_claim=c strength=plain channel=interview] [the call|CLAIM #c]."
FIRST = (
    "[Alva Brandt|PERSON #a] [phoned|phone_call participant=a,b time=t medium=telephone rank=head_of_government] "
    f"[Idris Kole|PERSON #b] on [Monday|TIME #t value=2025-11-24]. {DENIAL}"
)
SECOND = FIRST.replace(" time=t", "").replace(DENIAL, "Acme denied the call.")


@pytest.fixture
def client(station: Station) -> Client:
    token = station.api.headers["Authorization"].removeprefix("Token ")
    return Client(Access(station.url, token))


@pytest.fixture
def batch() -> str:
    """A batch of the test's own."""
    return f"circle-{uuid4().hex[:8]}"


@pytest.fixture
def home(client: Client, schema: Schema, tmp_path: Path, batch: str) -> Path:
    """An article that two people annotated in two projects, pulled."""
    home = tmp_path / "annotations"
    first, second = (inline.compile_marks(marks, schema, f"r{n}-") for n, marks in enumerate((FIRST, SECOND)))
    article = Article(
        doc_id="d", text=first.text, text_sha256=sha256(first.text), source=Source(title="T", language="en")
    )
    path = store.article_path(home, "d")
    path.parent.mkdir(parents=True)
    path.write_text(store.article_text(article), encoding="utf-8")
    push.push(client, schema, home, push.Order(batch, annotators=("a1", "a2")), [article])
    for found, made in zip(
        sorted(projects.of_batch(client, batch), key=lambda p: p.annotator or ""),
        (first, second),
        strict=True,
    ):
        (task,) = client.tasks(found.id)
        client.create_annotation(
            task["id"], {"result": made.results, "completed_by": person(client, found.annotator or "")}
        )
    (home / "people.csv").write_text(
        "email,annotator\na1@news.example,a1\na2@news.example,a2\n", encoding="utf-8"
    )
    done = pull.pull(client, home, batch, projects.of_batch(client, batch))
    assert done.findings == []
    return home


def person(client: Client, name: str) -> int:
    """An account of the server; made once."""
    email = f"{name}@news.example"
    known = {address: number for number, address in client.emails().items()}
    if email not in known:
        client._object("POST", "api/users/", {"email": email, "username": email, "first_name": name})
        known = {address: number for number, address in client.emails().items()}
    return known[email]


def decide(desk: Hands, number: int, words: str) -> None:
    """One click on a reading of a conflict."""
    row = desk.page.locator(".dl-conflict").nth(number)
    desk.click(row.locator(".lsf-choice__checkbox", has_text=words))


def update(desk: Hands) -> None:
    button = desk.page.locator(".lsf-controls button", has_text="Update")
    with desk.page.expect_response(lambda r: "/api/annotations/" in r.url and r.request.method == "PATCH"):
        desk.click(button)


def test_from_two_annotations_to_a_dataset(
    client: Client, schema: Schema, home: Path, batch: str, desk: Hands, tmp_path: Path
) -> None:
    items = list(reading.read([home / batch], schema))
    measured = agreement.measure((item.documents for item in items), schema, resamples=20)
    assert measured.total > 0
    assert adjudication.merge(home, batch, schema, adjudication.parse("unanimous")).counts == {"open": 1}
    sent = adjudication.push(client, home, batch, schema, adjudication.parse("unanimous"))
    assert sent.project is not None and sent.conflicts == 2
    (task,) = client.tasks(sent.project.id)

    desk.open(sent.project.id, task["id"])
    rows = desk.page.locator(".dl-conflict")
    rows.first.wait_for()
    assert [row.partition("\n")[0] for row in rows.all_inner_texts()] == [
        "1. role of «Monday» in phone_call «phoned»",
        "2. event press_denial «denied»",
    ]
    assert desk.page.locator(".htx-highlight").count() >= 4  # the readings of both are marked
    assert not {"a1", "a2"} & set(" ".join(rows.all_inner_texts()).replace(":", " ").split())
    before = desk.actions
    decide(desk, 0, "time «Monday»")
    decide(desk, 1, "no such event")
    update(desk)
    assert desk.actions - before == 3  # a click a conflict, and Update

    back = adjudication.pull(client, home, batch, schema)
    assert (dict(back.counts), back.findings) == ({"decided": 1}, [])
    made = truth.existing(stored_batch.read_task(store.task_path(home, batch, "d"))) or {}
    assert made["from"] == ["a1", "a2"] and made["completed_by"] not in ("a1", "a2", "merge")
    assert {r["labels"][0] for r in made["result"] if r["type"] == "relation"} == {"participant", "time"}
    assert not [
        r
        for r in made["result"]
        if r.get("from_name") == "trigger" and r["value"]["labels"] == ["press_denial"]
    ]

    outcome = export.export(export.Plan(home, (batch,), tmp_path / "exports", batch, views.NAMES), schema)
    assert dict(outcome.reasons) == {resolve.GROUND_TRUTH: 1} and outcome.held_back == []
    assert loaded(tmp_path / "exports" / batch) == "phone_call time «Monday»"


def loaded(folder: Path) -> str:
    """What a training script sees: the first event's type and its time."""
    code = (
        "import sys; from datasets import load_dataset, concatenate_datasets as c;"
        "d = load_dataset(sys.argv[1], 'events'); e = c(list(d.values()))[0];"
        "print(e['type'], *(f\"{a['role']} «{a['text']}»\" for a in e['arguments'] if a['role'] == 'time'))"
    )
    env = {"PATH": "/usr/bin:/bin", "HOME": str(folder.parent), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, env=env, check=True
    )
    return done.stdout.strip()


def test_a_click_that_was_not_sent_decides_nothing(
    client: Client, schema: Schema, home: Path, batch: str, desk: Hands
) -> None:
    sent = adjudication.push(client, home, batch, schema, adjudication.parse("unanimous"))
    assert sent.project is not None
    (task,) = client.tasks(sent.project.id)
    desk.open(sent.project.id, task["id"])
    desk.page.locator(".dl-conflict").first.wait_for()
    with desk.page.expect_response(lambda r: "/drafts" in r.url and r.request.method == "POST"):
        decide(desk, 0, "no role")  # a draft is saved by itself
    drafts: list[Json] = next(client.tasks(sent.project.id))["drafts"]
    assert drafts and screen.decisions(drafts[0]["result"])
    back = adjudication.pull(client, home, batch, schema)
    assert [f.code for f in back.findings] == ["I827"] and back.written == []
