"""Input and output behind URLs, on an S3-compatible server of this machine."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from machines import ROOT, Cluster
from test_cluster_export import SCHEMA, TASKS, VIEWS, files_of

from dateline import blocks, export, files, manifest, portion, prefixes, sources, storage, store, validation
from dateline.engine import Engine
from dateline.findings import has_errors
from dateline.outcome import Outcome

pytestmark = pytest.mark.slow

Stored = dict[str, bytes]
ONE = Engine()


@pytest.fixture
def bucket(s3: dict[str, str]) -> str:
    """A place in the bucket that nothing is in."""
    return f"s3://news/{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An annotations folder of this machine, the articles' files in it."""
    home = tmp_path_factory.mktemp("here") / "annotations"
    (home / "b").mkdir(parents=True)
    (home / store.ARTICLES).mkdir()
    for task in TASKS[:8]:
        name = f"{task['data']['doc_id']}.json"
        (home / "b" / name).write_bytes((ROOT / "annotations/sample" / name).read_bytes())
        (home / store.ARTICLES / name).write_bytes((ROOT / "annotations/articles" / name).read_bytes())
    return home


def put(home: Path, url: str) -> str:
    for path in home.rglob("*"):
        if path.is_file() and path.name != store.LEDGER:
            files.write_bytes(storage.place(f"{url}/{path.relative_to(home).as_posix()}"), path.read_bytes())
    return url


def stored(url: str) -> Stored:
    """Everything below a URL, with its bytes, by its name below it."""
    place = storage.place(url)
    return {name: (place / name).read_bytes() for name in storage.names_below(place)}


def exported(home: str | Path, out: str | Path, engine: Engine = ONE, **more: Any) -> Outcome:
    plan = export.Plan(storage.place(home), ("b",), storage.place(out), "x", **{"views": VIEWS, **more})
    return export.export(plan, SCHEMA, engine=engine)


def local(here: Path, out: Path, **more: Any) -> Stored:
    (here / store.LEDGER).unlink(missing_ok=True)
    exported(here, out, **more)
    return files_of(out / "x")


def test_a_bucket_holds_what_a_folder_would(here: Path, bucket: str, tmp_path: Path) -> None:
    home = put(here, f"{bucket}/annotations")
    outcome = exported(home, f"{bucket}/exports")
    assert str(outcome.path) == f"{bucket}/exports/x"
    assert stored(f"{bucket}/exports") == {f"x/{k}": v for k, v in local(here, tmp_path).items()}
    assert stored(home)[store.LEDGER] == (here / store.LEDGER).read_bytes()
    assert exported(home, f"{bucket}/again").path is not None  # with a ledger
    assert stored(f"{bucket}/again/x") == stored(f"{bucket}/exports/x")


def test_workers_of_a_cluster_read_and_write_the_bucket(
    s3_cluster: Cluster, here: Path, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = put(here, f"{bucket}/annotations")
    monkeypatch.setattr(blocks, "BYTES", 1)
    outcome = exported(home, f"{bucket}/exports", Engine(s3_cluster.address))
    assert outcome.path is not None, outcome.findings
    assert stored(f"{bucket}/exports") == {f"x/{k}": v for k, v in local(here, tmp_path).items()}
    assert stored(home)[store.LEDGER] == (here / store.LEDGER).read_bytes()


def test_a_large_packed_file_is_cut_and_hashed(here: Path, bucket: str, tmp_path: Path) -> None:
    import gzip

    lines = b"".join((p.read_bytes().replace(b"\n", b"") + b"\n") for p in sorted((here / "b").iterdir()))
    (tmp_path / "annotations" / "b").mkdir(parents=True)
    (tmp_path / "annotations" / "b" / "all.jsonl.gz").write_bytes(gzip.compress(lines, mtime=0))
    home = put(tmp_path / "annotations", f"{bucket}/annotations")
    exported(home, f"{bucket}/exports")
    assert stored(f"{bucket}/exports/x") == local(tmp_path / "annotations", tmp_path / "out")


def test_the_commands_take_urls_and_show_them_as_given(here: Path, bucket: str, tmp_path: Path) -> None:
    home = put(here, f"{bucket}/annotations")
    broken = f"{home}/b/mess.json"
    files.write_bytes(storage.place(broken), b'{"data": ')

    def run(script: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [
            sys.executable,
            str(ROOT / "scripts" / script),
            *arguments,
            "--schema",
            str(ROOT / "schema"),
        ]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    checked = run("validate.py", home)
    assert checked.returncode == 1, checked.stderr
    assert f"{broken}:1: E002" in checked.stdout
    assert run("validate.py", f"{home}/b/{TASKS[0]['data']['doc_id']}.json").returncode == 0
    given = ("--annotations", home, "--out", f"{bucket}/exports", "--views", "documents")
    assert run("export.py", *given).returncode == 1
    assert stored(f"{bucket}/exports") == {}
    made = run("export.py", *given, "--hold-back")
    assert made.returncode == 0, made.stderr
    assert f"dataset: {bucket}/exports/b" in made.stdout
    gone = run("validate.py", f"{bucket}/nowhere")
    assert (gone.returncode, gone.stderr) == (2, f"error: {bucket}/nowhere: there is nothing\n")
    odd = run("validate.py", "zz9://bucket/annotations")
    assert odd.returncode == 2
    assert odd.stderr.startswith("error: zz9://bucket/annotations: ")
    assert odd.stderr.count("\n") == 1


def test_nobody_at_the_endpoint_is_said_plainly(s3: dict[str, str], tmp_path: Path) -> None:
    env = {**os.environ, "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    command = [sys.executable, str(ROOT / "scripts" / "validate.py"), "s3://news/annotations"]
    done = subprocess.run(
        [*command, "--schema", str(ROOT / "schema")],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: s3://news/annotations: ")
    assert "127.0.0.1:9" in done.stderr
    assert done.stderr.count("\n") == 1


# The place of an old dataset


def test_another_dataset_leaves_nothing_of_the_old_one(here: Path, bucket: str, tmp_path: Path) -> None:
    home = put(here, f"{bucket}/annotations")
    exported(home, f"{bucket}/exports", views=("documents", "claims", "instruct"))
    exported(home, f"{bucket}/exports")
    assert stored(f"{bucket}/exports") == {f"x/{k}": v for k, v in local(here, tmp_path).items()}


def test_a_reader_sees_a_whole_dataset_or_none(
    here: Path, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each step of the exchange: with a manifest, what it lists is there, and it is that; then it is killed."""
    home = put(here, f"{bucket}/annotations")
    target = f"{bucket}/exports/x"
    exported(home, f"{bucket}/exports", views=("documents", "claims"))
    old, wanted = stored(target), local(here, tmp_path)
    seen: list[str] = []

    def look() -> None:
        now = stored(target)
        if manifest.NAME in now:
            told = json.loads(now[manifest.NAME])
            listed = {*told["files"], *told["extras"]}
            assert listed | {manifest.NAME} == set(now) - {prefixes._BETWEEN}
            assert {k: v for k, v in now.items() if k != prefixes._BETWEEN} in (old, wanted)
        seen.append("old" if now == old else "new" if now == wanted else "between")

    steps = {name: getattr(storage, name) for name in ("write_bytes", "remove", "copy")}
    with monkeypatch.context() as watched:
        for name, step in steps.items():
            watched.setattr(storage, name, lambda *a, step=step: (step(*a), look())[0])
        exported(home, f"{bucket}/exports")
    assert stored(target) == wanted
    assert list(dict.fromkeys(seen)) == ["old", "between", "new"]


@pytest.mark.parametrize("fatal", range(5))
def test_an_exchange_that_is_cut_short_is_replaced_by_the_next_run(
    fatal: int, here: Path, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """As a process is: nothing is done after it."""

    home = put(here, f"{bucket}/annotations")
    exported(home, f"{bucket}/exports", views=("documents", "claims"))
    steps = iter(range(100))
    dead = False

    def dying(step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            nonlocal dead
            dead = dead or next(steps) == fatal
            if dead:
                raise Killed
            return step(*arguments)

        return run

    def begin(*arguments: Any) -> None:
        for name in ("write_bytes", "remove", "copy"):
            mortal.setattr(storage, name, dying(getattr(storage, name)))
        replace(*arguments)

    replace = prefixes._replace
    with monkeypatch.context() as mortal:
        mortal.setattr(prefixes, "_replace", begin)
        with pytest.raises(Killed):
            exported(home, f"{bucket}/exports")
    assert any(name.startswith(".x.new/") for name in stored(f"{bucket}/exports"))
    assert exported(home, f"{bucket}/exports", resume=True).path is not None
    assert stored(f"{bucket}/exports") == {f"x/{k}": v for k, v in local(here, tmp_path).items()}


def test_files_that_are_no_dataset_stay(here: Path, bucket: str) -> None:
    home = put(here, f"{bucket}/annotations")
    files.write_bytes(storage.place(f"{bucket}/exports/x/thesis.txt"), b"mine")
    with pytest.raises(files.FileError, match=r"exports/x: holds files but no manifest\.json"):
        exported(home, f"{bucket}/exports")
    assert stored(f"{bucket}/exports") == {"x/thesis.txt": b"mine"}


def test_a_run_that_is_cut_short_goes_on(
    here: Path, bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Stop(BaseException):
        pass

    def step(seen: int, *_: int) -> None:
        if seen == 5:
            raise Stop

    home = put(here, f"{bucket}/annotations")
    monkeypatch.setattr(blocks, "BYTES", 1)
    plan = export.Plan(storage.place(home), ("b",), storage.place(f"{bucket}/exports"), "x", VIEWS)
    with pytest.raises(Stop):
        export.export(plan, SCHEMA, step)
    begun = stored(f"{bucket}/exports/.x.spool")
    assert {name.split("/")[0] for name in begun} == {f"{n:06}" for n in range(5)}
    made: list[int] = []
    work = portion._made
    monkeypatch.setattr(
        portion, "_made", lambda job, spool: (made.append(job.block.number), work(job, spool))[1]
    )
    exported(home, f"{bucket}/exports", resume=True)
    assert made == [5, 6, 7]
    assert stored(f"{bucket}/exports") == {f"x/{k}": v for k, v in local(here, tmp_path).items()}


def test_a_text_that_was_changed_is_noticed_by_workers_that_live_on(
    s3_cluster: Cluster, here: Path, bucket: str
) -> None:
    home = put(here, f"{bucket}/annotations")
    engine = Engine(s3_cluster.address)
    batch = f"{home}/b"  # the article's own file is not read for itself
    assert not has_errors(validation.validate([batch], SCHEMA, engine=engine).findings)
    article = storage.place(f"{home}/{store.ARTICLES}/{TASKS[2]['data']['doc_id']}.json")
    task = storage.place(f"{home}/b/{TASKS[2]['data']['doc_id']}.json")
    files.write_bytes(article, article.read_bytes() + b"x")
    found = [f for f in validation.validate([batch], SCHEMA, engine=engine).findings if f.severity == "error"]
    assert [(f.code, f.file) for f in found] == [("E820", str(article))]
    storage.remove(article)
    found = [f for f in validation.validate([batch], SCHEMA, engine=engine).findings if f.code == "I819"]
    assert [f.file for f in found] == [str(task)]


def test_values_come_in_the_order_of_the_names(here: Path, bucket: str) -> None:
    home = put(here, f"{bucket}/annotations")
    found = [raw.file for raw in sources.read([home])]
    assert found == [f"{home}/{p.relative_to(here).as_posix()}" for p in sorted(here.rglob("*.json"))]
