"""The README's way of a team, run as printed on a Label Studio of its own."""

import csv
import http.cookiejar
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import surroundings
from test_readme import OF_A_SERVER, TEAM, bash, blocks, copy, pattern, printed, section

from dateline.adjudication import project as review
from dateline.adjudication import screen
from dateline.label_studio import access, projects
from dateline.label_studio.client import Client

pytestmark = pytest.mark.slow
STORY = "Prime Minister Alva Brandt phoned Chancellor Idris Kole on Monday."
BATCH = "spring"


def test_a_team_goes_the_way_of_the_readme(command: Path, tmp_path: Path) -> None:
    """Two people sign up by the link and differ about two roles; each command is the README's."""
    here = new_project(tmp_path / "dateline", command.parents[1])
    start, push, *rest = [line.replace("BATCH", BATCH) for line in printed(section(TEAM))]
    assert start == "make annotate ARGS=--no-push"
    with serving(start, here) as there:
        people = here / "annotations/people.csv"
        people.write_text(*blocks(section(TEAM), "csv"), encoding="utf-8")
        with people.open(encoding="utf-8", newline="") as file:
            emails = {row["annotator"]: row["email"] for row in csv.DictReader(file)}
        assert f"{BATCH}: 2 tasks created" in said(push, here)
        for who, results in (("ann", call()), ("bo", call(more=True))):
            sign_up(there, emails[who])
            submit(there, who, emails[who], results)
        out = {}
        for line in rest:
            if line == f'make adjudicate ARGS="pull {BATCH}"':
                assert f"{BATCH}: 1 not begun" in said(line, here)
                decide(there, "time", "caller")
            out[line] = said(line, here)
            if line == f"make pull ARGS={BATCH}":
                assert "story, ann, annotation" in out[line] and "story, bo, annotation" in out[line]
                quarrel_and_settle(there, here)
        told = {line.split()[1] + line.split()[2]: text for line, text in out.items()}
        assert "only bo has this" in told[f"agreementARGS={BATCH}"]
        assert "W906 agreement on argument_role" in told[f"agreementARGS={BATCH}"]
        assert f"{BATCH}, majority: 1 open" in told['adjudicateARGS="merge']
        assert f"{BATCH}, 2 conflicts: 1 sent" in told['adjudicateARGS="push']
        assert f"{BATCH}: 1 decided" in told['adjudicateARGS="pull']
        assert f"dataset: exports/{BATCH}" in told[f"exportARGS={BATCH}"]
        assert "articles: 1 adjudicated" in told[f"exportARGS={BATCH}"]


def new_project(here: Path, label_studio: Path) -> Path:
    """A checkout with one article, the thresholds of the README, and a Label Studio that is installed."""
    copy(here)
    shutil.rmtree(here / "annotations")
    (here / ".label-studio").mkdir()
    (here / ".label-studio/venv").symlink_to(label_studio)
    (here / "dateline.toml").unlink()
    (here / "dateline.toml").write_text(*blocks(section(TEAM), "toml"), encoding="utf-8")
    (here / "story.txt").write_text(STORY, encoding="utf-8")
    about = "--title Call --publisher Paper --published-at 2025-03-04 --language en --license CC0-1.0"
    said(f".venv/bin/python scripts/add.py story.txt {about}", here)
    return here


def said(line: str, here: Path, code: int = 0) -> str:
    done = bash(line, here)
    assert done.returncode == code, (line, done.stdout + done.stderr)
    return done.stdout


@contextmanager
def serving(line: str, here: Path) -> Iterator[Client]:
    """`make annotate` on a free port, until it prints its address; Ctrl-C at the end."""
    words = line.replace("ARGS=--no-push", f'ARGS="--no-push --port {surroundings.free_port()}"')
    words = words.replace("make ", f"exec make PY={sys.executable} -o .venv/default.done ")
    process = subprocess.Popen(
        ["bash", "-euc", words], cwd=here, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        lines = until(process, "Label Studio: http")
        assert any(line.startswith("log in as ") for line in lines)
        yield Client(access.find(data=here / ".label-studio/data", environ={}))
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def until(process: "subprocess.Popen[str]", words: str) -> list[str]:
    """The lines that a process prints, up to the one that begins so."""
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if line.startswith(words):
            return lines
    raise AssertionError("".join(lines))


def sign_up(there: Client, email: str) -> None:
    """What a browser does with the link of Organization, Invite Members."""
    link = there.url + there._object("GET", "api/invite")["invite_url"]
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(link).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "email": email, "password": "a long Passw0rd"}
    request = urllib.request.Request(link, urllib.parse.urlencode(form).encode(), {"Referer": link})
    browser.open(request).close()
    assert email in there.emails().values()


def spans(*marks: tuple[str, str, str]) -> list[dict[str, object]]:
    """A region for each id, label and words of the story."""
    return [
        {
            "id": id_,
            "from_name": "trigger" if label == "phone_call" else "mention",
            "to_name": "text",
            "type": "labels",
            "value": {"start": STORY.index(w), "end": STORY.index(w) + len(w), "text": w, "labels": [label]},
        }
        for id_, label, w in marks
    ]


def call(*, more: bool = False) -> list[dict[str, object]]:
    """The story's call, with who placed it and when as roles, or only marked."""
    roles = {"a": ["participant"], "k": ["participant"]}
    if more:
        roles = {**roles, "a": ["participant", "caller"], "m": ["time"]}
    marks = (
        ("t", "phone_call", "phoned"),
        ("a", "PERSON", "Alva Brandt"),
        ("k", "PERSON", "Idris Kole"),
        ("m", "TIME", "Monday"),
    )
    links = [
        {"from_id": "t", "to_id": to, "type": "relation", "direction": "right", "labels": labels}
        for to, labels in roles.items()
    ]
    return [*spans(*marks), *links]


def submit(there: Client, who: str, email: str, results: list[dict[str, object]]) -> None:
    (found,) = [p for p in projects.of_batch(there, BATCH) if p.annotator == who]
    (task,) = there.tasks(found.id)
    person = next(number for number, address in there.emails().items() if address == email)
    there.create_annotation(task["id"], {"result": results, "completed_by": person})


def decide(there: Client, *chosen: str) -> None:
    """A click on a reading of each conflict, and Update."""
    found = review.find(there, BATCH)
    assert found is not None
    (task,) = there.tasks(found.id)
    clicked = []
    for n, conflict in enumerate(task["data"][screen.CONFLICTS]):
        (letter,) = [r["alias"] for r in conflict["readings"] if any(words in r["value"] for words in chosen)]
        control = {"id": f"c{n}", "from_name": f"{screen.DECISION}{n}", "to_name": "text", "type": "choices"}
        clicked.append({**control, "value": {"choices": [letter]}})
    (start,) = task["annotations"]
    there.update_annotation(start["id"], {"result": [*start["result"], *clicked]})


def quarrel_and_settle(there: Client, here: Path) -> None:
    """Both sides change Ann's annotation: first ours is kept and pushed, then theirs is taken; then all is as before."""
    (path,) = (here / "annotations" / BATCH).glob("*.json")
    before = json.loads(path.read_bytes())
    (theirs,) = [p for p in projects.of_batch(there, BATCH) if p.annotator == "ann"]
    number = next(there.tasks(theirs.id))["annotations"][0]["id"]
    for side, mine, yours in (("--ours", "Prime", "Minister"), ("--theirs", "Chancellor", "Minister")):
        task = json.loads(path.read_bytes())
        own = next(a for a in task["annotations"] if a["completed_by"] == "ann")
        own["result"] += spans((mine, "PERSON", mine))
        path.write_text(json.dumps(task), encoding="utf-8")
        there.update_annotation(number, {"result": [*call(), *spans((yours, "GROUP", yours))]})
        both = said("make pull", here, code=2)
        assert all(re.search(pattern(message), both) for message in OF_A_SERVER), both
        assert "annotation" in said(
            {"--ours": "make pull ARGS=--ours", "--theirs": "make pull ARGS=--theirs"}[side], here
        )
        said("make push", here)
        kept = json.dumps(next(there.tasks(theirs.id))["annotations"][0]["result"])
        assert ('"Prime"' in kept) == (side == "--ours") and ('"Minister"' in kept) == (side == "--theirs")
    there.update_annotation(number, {"result": call()})
    said("make pull", here)
    after = json.loads(path.read_bytes())
    assert [a["result"] for a in after["annotations"]] == [a["result"] for a in before["annotations"]]
