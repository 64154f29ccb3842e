"""Whatever happens while Dateline writes, the old state or the new one is there, and nothing else."""

import ctypes
import errno
import os
import pickle
import re
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dateline import exchange, files
from dateline.files import Busy, FileError, lock, new_folder, recover, safe_name, write_bytes, write_text

MARK = "manifest.json"
FALLBACK = pytest.mark.parametrize("fallback", [False, True], ids=["exchange", "two-renames"])
ENV = {**os.environ, "PYTHONPATH": str(Path(files.__file__).parents[1])}
# What changes the disk or asks it to keep something; a run is stopped before the nth of these calls.
STEPS = ["open", "write", "fsync", "close", "chmod", "replace", "rename", "mkdir", "unlink", "rmdir"]
STEPS += ["pwrite", "ftruncate"]
KILLED = f"""
import os, signal, sys
from dateline import exchange, files
job, path, fallback, left = sys.argv[1], sys.argv[2], sys.argv[3] == "True", int(sys.argv[4])
def arm(module, name):
    real = getattr(module, name)
    def step(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    setattr(module, name, step)
real_write = os.write
os.write = lambda fd, data: real_write(fd, data[:2])
if fallback:
    exchange.swap = lambda a, b: False
for name in {STEPS!r}:
    arm(os, name)
arm(exchange, "swap")
if job == "file":
    files.write_text(path, "new!")
elif job == "lock":
    with files.lock(path):
        pass
else:
    with files.new_folder(path, marker={MARK!r}) as folder:
        os.mkdir(folder / "data")
        for name in ({MARK!r}, "data/b"):
            (folder / name).write_text("new")
"""


def run_until_killed(job: str, path: Path, fallback: bool, step: int) -> bool:
    """True if the job was killed before its nth step, False if it was done with fewer."""
    command = [sys.executable, "-c", KILLED, job, str(path), str(fallback), str(step)]
    code = subprocess.run(command, env=ENV, check=False).returncode
    assert code in (0, -signal.SIGKILL)
    return code != 0


def build(path: Path, text: str) -> None:
    with new_folder(path, marker=MARK) as folder:
        (folder / "data").mkdir()
        for name in (MARK, "data/b"):
            (folder / name).write_text(text)


def content(path: Path) -> dict[str, str]:
    return {str(p.relative_to(path)): p.read_text() for p in path.rglob("*") if p.is_file()}


def folder_of(text: str) -> dict[str, str]:
    return {MARK: text, "data/b": text}


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


@pytest.fixture(autouse=True)
def _first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_swept", set())


def force_fallback(monkeypatch: pytest.MonkeyPatch, fallback: bool) -> None:
    if fallback:
        monkeypatch.setattr(exchange, "swap", lambda a, b: False)


def can_swap(tmp_path: Path) -> bool:
    """Whether this system and file system exchange in one step: Linux, and not all of them there."""
    for name in ("swap1", "swap2"):
        (tmp_path / name).mkdir()
    return exchange.swap(tmp_path / "swap1", tmp_path / "swap2")


def break_nth(monkeypatch: pytest.MonkeyPatch, nth: int, code: int = errno.ENOSPC) -> Callable[[], bool]:
    """Let the nth call that needs room fail; the function returned tells whether it came to that."""
    left = nth

    def arm(name: str) -> None:
        real = getattr(os, name)

        def call(*args: object, **kwargs: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                raise OSError(code, os.strerror(code))
            return real(*args, **kwargs)

        monkeypatch.setattr(os, name, call)

    for name in ("open", "write", "fsync", "replace", "rename", "mkdir"):
        arm(name)
    return lambda: left <= 0


# Files


def test_write_changes_only_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.txt"
    assert write_text(path, "é\r\n\n") is True
    assert path.read_bytes() == "é\r\n\n".encode()
    os.utime(path, ns=(1, 1))
    before = path.stat()
    assert write_text(str(path), "é\r\n\n") is False
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, 1)
    assert write_bytes(path, b"") is True
    assert path.read_bytes() == b""
    assert names(path.parent) == ["a.txt"]


def test_write_keeps_mode_or_follows_umask(tmp_path: Path) -> None:
    path = tmp_path / "a"
    umask = os.umask(0o027)
    try:
        write_text(path, "1")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        for mode in (0o600, 0o755, 0o666, 0o444):
            path.chmod(mode)
            assert write_text(path, f"{mode}")
            assert stat.S_IMODE(path.stat().st_mode) == mode
    finally:
        os.umask(umask)


def test_private_file_is_never_open_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "people.csv"
    path.write_text("old")
    path.chmod(0o600)
    seen, write = [], os.write

    def spy(fd: int, data: bytes) -> int:
        seen.append(stat.S_IMODE(os.fstat(fd).st_mode))
        return write(fd, data)

    monkeypatch.setattr(os, "write", spy)
    write_text(path, "new")
    assert seen == [0o600]


def test_write_syncs_the_file_before_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, fsync, seen = tmp_path / "a", os.fsync, []

    def spy(fd: int) -> None:
        seen.append((stat.S_ISDIR(os.fstat(fd).st_mode), path.exists()))
        fsync(fd)

    monkeypatch.setattr(os, "fsync", spy)
    write_text(path, "x")
    assert seen == [(False, False), (True, True)]


@pytest.mark.parametrize("exists", [True, False])
def test_write_goes_through_symlinks(tmp_path: Path, exists: bool) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to("far/real")
    if exists:
        (tmp_path / "far/real").write_text("old")
    assert write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far/real").read_text() == "new"
    assert names(tmp_path) == ["far", "link"] and names(tmp_path / "far") == ["real"]


def test_write_refuses_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").write_text("")
    for path, word in (
        (tmp_path, "a folder"),
        (Path("/dev/null"), "a device"),
        (tmp_path / "loop", "leads to itself"),
        (tmp_path / "file" / "below", "Not a directory"),
    ):
        with pytest.raises(FileError, match=word) as caught:
            write_text(path, "x")
        assert caught.value.path == path and caught.value.hint
    with pytest.raises(FileError, match="character 1"):
        write_text(tmp_path / "text", "a\ud800")
    assert names(tmp_path) == ["file", "loop"]


def test_write_handles_long_names(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 120 + ".json")
    with lock(path):
        assert write_text(path, "x")
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("old", ["old", None])
def test_killed_write_leaves_old_or_new(tmp_path: Path, old: str | None) -> None:
    for step in count(1):
        path = tmp_path / str(step) / "a.txt"
        path.parent.mkdir()
        if old:
            path.write_text(old)
        killed = run_until_killed("file", path, False, step)
        assert (path.read_text() if path.exists() else None) in (old, "new!")
        exchange._swept.clear()
        write_text(path, "third")
        assert path.read_text() == "third" and names(path.parent) == ["a.txt"]
        if not killed:
            break
    assert step > 7


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_failed_write_leaves_old_or_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    path = tmp_path / "a.txt"
    for step in count(1):
        path.write_text("old")
        with monkeypatch.context() as patch:
            broke = break_nth(patch, step, code)
            try:
                write_text(path, "new")
            except FileError as error:
                assert isinstance(error.__cause__, OSError) and error.path == path
        assert path.read_text() in ("old", "new") and names(tmp_path) == ["a.txt"]
        if not broke():
            break
    assert step > 5 and path.read_text() == "new"


def test_real_limit_in_the_middle_of_a_write(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(FileError, match="File too large"):
            write_bytes(path, b"x" * 200_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"old" and names(tmp_path) == ["a"]


# Folders


@FALLBACK
def test_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fallback: bool) -> None:
    force_fallback(monkeypatch, fallback)
    path = tmp_path / "exports" / "news"
    build(path, "1")
    path.chmod(0o750)
    (path / "stale").write_text("only in the former one")
    build(path, "2")
    assert content(path) == folder_of("2") and names(path.parent) == ["news"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o750


def test_new_folder_syncs_everything_before_it_appears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, fsync, path = set(), os.fsync, tmp_path / "x"

    def spy(fd: int) -> None:
        if not path.exists():
            synced.add(os.fstat(fd).st_ino)
        fsync(fd)

    monkeypatch.setattr(os, "fsync", spy)
    build(path, "1")
    assert {p.stat().st_ino for p in (path, *path.rglob("*"))} <= synced


@FALLBACK
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_error_in_the_body_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fallback: bool, error: type[BaseException]
) -> None:
    force_fallback(monkeypatch, fallback)
    build(tmp_path / "x", "old")
    for name in ("x", "y"):
        with pytest.raises(error), new_folder(tmp_path / name, marker=MARK) as folder:
            (folder / MARK).write_text("half")
            raise error
    with pytest.raises(ValueError, match=MARK), new_folder(tmp_path / "x", marker=MARK) as folder:
        (folder / "data").write_text("no marker")
    assert content(tmp_path / "x") == folder_of("old") and names(tmp_path) == ["x"]


def test_new_folder_replaces_only_ours(tmp_path: Path) -> None:
    for name in ("theirs", "empty", "far"):
        (tmp_path / name).mkdir()
    (tmp_path / "theirs/notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name, word in (("theirs", f"no {MARK}"), ("file", "is a file")):
        with pytest.raises(FileError, match=word + ".*choose another --out or --name, or remove it"):
            build(tmp_path / name, "1")
    (tmp_path / "link").symlink_to("far")
    build(tmp_path / "link", "1")
    build(tmp_path / "empty", "1")
    assert content(tmp_path / "far") == content(tmp_path / "empty") == folder_of("1")
    assert names(tmp_path) == ["empty", "far", "file", "link", "theirs"]
    assert (tmp_path / "link").is_symlink() and (tmp_path / "theirs/notes.txt").read_text() == "mine"


def test_folder_filled_by_others_meanwhile_is_kept(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="not made by Dateline"), new_folder(tmp_path / "x", marker=MARK) as f:
        (f / MARK).write_text("")
        (tmp_path / "x").mkdir()
        (tmp_path / "x/mine").write_text("")
    assert content(tmp_path / "x") == {"mine": ""} and names(tmp_path) == ["x"]


@FALLBACK
@pytest.mark.parametrize("old", ["old", None])
def test_killed_folder_leaves_old_or_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fallback: bool, old: str | None
) -> None:
    force_fallback(monkeypatch, fallback)
    states = [folder_of("new"), folder_of(old) if old else {}]
    missing = 0
    for step in count(1):
        path = tmp_path / str(step) / "x"
        if old:
            build(path, old)
        killed = run_until_killed("folder", path, fallback, step)
        missing += not path.exists()
        for away in path.parent.glob("*-old"):
            assert content(away) == folder_of("old"), "can be put back at any time"
        if step % 2:
            build(path, "third")
            assert content(path) == folder_of("third")
        else:
            recover(path)
            assert content(path) in states
        assert names(path.parent) == (["x"] if path.exists() else [])
        if not killed:
            break
    assert step > 12
    one_step = not fallback and can_swap(tmp_path)
    assert old is None or missing == (0 if one_step else 1), "only between the two renames"


def test_killed_while_mending(tmp_path: Path) -> None:
    for step in count(1):
        path = tmp_path / str(step) / "x"
        build(path.with_name(".x.99999999-0123456789ab.dateline-old"), "old")
        build(path.with_name(".x.99999999-0123456789ab.dateline-tmp"), "new")
        killed = run_until_killed("folder", path, True, step)
        recover(path)
        assert content(path) in (folder_of("old"), folder_of("new")) and names(path.parent) == ["x"]
        if not killed:
            break


@FALLBACK
def test_failed_folder_leaves_old_or_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fallback: bool
) -> None:
    force_fallback(monkeypatch, fallback)
    path = tmp_path / "x"
    for step in count(1):
        build(path, "old")
        with monkeypatch.context() as patch:
            broke = break_nth(patch, step)
            try:
                build(path, "new")
            except (FileError, OSError) as error:
                assert "No space left" in str(error)
                if "could not be deleted" in str(error):  # the new one is in place, and we were told
                    assert content(path) == folder_of("new") and len(names(tmp_path)) == 2
                    recover(path)
        assert content(path) in (folder_of("old"), folder_of("new")) and names(tmp_path) == ["x"]
        if not broke():
            break
    assert step > 8


def test_recover_sweeps_only_what_is_dead_and_ours(tmp_path: Path) -> None:
    kept = [
        ".x.1-0123456789ab.dateline-tmp",  # alive
        ".y.99999999-0123456789ab.dateline-tmp",  # of another path
        ".x.99999999-0123456789ab.tmp",  # not our name
        "x.99999999-0123456789ab.dateline-tmp",
    ]
    swept = [f".x.{pid}-0123456789ab.dateline-tmp" for pid in (99999999, 9999999999, os.getpid())]
    for name in (*kept, *swept):
        (tmp_path / name).write_text("")
    with new_folder(tmp_path / "x", marker=MARK) as folder:
        recover(tmp_path / "x")
        assert names(tmp_path) == sorted([*kept, folder.name])
        (folder / MARK).write_text("")
    recover(tmp_path / "no" / "such" / "folder")
    assert names(tmp_path) == sorted([*kept, "x"])


def test_superseded_old_folder_goes(tmp_path: Path) -> None:
    build(tmp_path / ".x.99999999-0123456789ab.dateline-old", "old")
    build(tmp_path / ".x.99999999-0123456789ab.dateline-tmp", "new")
    (tmp_path / "x").mkdir()
    (tmp_path / "x/mine").write_text("")
    with pytest.raises(FileError):
        build(tmp_path / "x", "third")
    assert len(names(tmp_path)) == 3, "refused before anything is swept"
    recover(tmp_path / "x")
    assert names(tmp_path) == ["x"] and content(tmp_path / "x") == {"mine": ""}


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOSYS])
def test_unsupported_exchange_falls_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(*_: object) -> int:
        ctypes.set_errno(code)
        return -1

    for call in (refuse, None):
        monkeypatch.setattr(exchange, "_renameat2", lambda call=call: call)
        build(tmp_path / "x", "1")
        build(tmp_path / "x", "2")
        assert content(tmp_path / "x") == folder_of("2") and names(tmp_path) == ["x"]


def test_exchange_in_one_step(tmp_path: Path) -> None:
    if not can_swap(tmp_path):
        pytest.skip("not on this system or file system")
    (tmp_path / "swap1/a").write_text("")
    assert exchange.swap(tmp_path / "swap1", tmp_path / "swap2")
    assert names(tmp_path / "swap1") == [] and names(tmp_path / "swap2") == ["a"]
    with pytest.raises(FileNotFoundError):
        exchange.swap(tmp_path / "swap1", tmp_path / "swap3")


# Lock

HOLD = (
    "import sys; from dateline import files\nwith files.lock(sys.argv[1]): print('held', flush=True); input()"
)
COUNT = """
import sys; from pathlib import Path; from dateline import files
path = Path(sys.argv[1])
for _ in range(60):
    with files.lock(path, wait=60):
        path.write_text(str(int(path.read_text()) + 1))
"""


def start(code: str, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, str(path)]
    return subprocess.Popen(command, env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_lock_keeps_others_out_until_the_holder_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with start(HOLD, path) as child:
        assert child.stdout and child.stdout.readline() == "held\n"
        for wait in (0, 0.12):
            with (
                pytest.raises(Busy, match=f"process {child.pid} is working on it since 20") as caught,
                lock(path, wait=wait),
            ):
                pass
            assert caught.value.pid == child.pid and caught.value.since
        child.kill()
        child.wait()
        assert names(tmp_path) == [".x.lock"]
    with lock(path):
        assert f"pid {os.getpid()}\n" in (tmp_path / ".x.lock").read_text()
        with pytest.raises(Busy), lock(path):
            pass
    assert names(tmp_path) == []


def test_lock_after_a_kill_at_any_step(tmp_path: Path) -> None:
    for step in count(1):
        killed = run_until_killed("lock", tmp_path / "x", False, step)
        with lock(tmp_path / "x"):
            pass
        assert names(tmp_path) == []
        if not killed:
            break
    assert step > 4


def test_lock_waits(tmp_path: Path) -> None:
    with start(HOLD, tmp_path / "x") as child:
        assert child.stdout and child.stdout.readline() == "held\n"
        assert child.stdin
        child.stdin.write("\n")
        child.stdin.flush()
        with lock(tmp_path / "x", wait=30):
            pass
    assert names(tmp_path) == []


def test_lock_is_released_after_an_error(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError), lock(tmp_path / "no" / "x"):
            raise RuntimeError
    assert names(tmp_path / "no") == []


def test_lock_survives_its_file_being_deleted_and_made_anew(tmp_path: Path) -> None:
    """Four processes add to one number; a lost update would be a lock on a deleted file."""
    path = tmp_path / "x"
    path.write_text("0")
    children = [start(COUNT, path) for _ in range(4)]
    assert [child.communicate() and child.returncode for child in children] == [0] * 4
    assert path.read_text() == "240" and names(tmp_path) == ["x"]


def test_lock_retries_on_a_deleted_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    place, flock, calls = tmp_path / ".x.lock", fcntl.flock, []

    def late(fd: int, how: int) -> None:
        calls.append(how)
        if len(calls) == 1:
            place.unlink()  # what the former holder does between our open and our lock
        flock(fd, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with lock(tmp_path / "x"), pytest.raises(Busy), lock(tmp_path / "x"):
        pass
    assert not place.exists()


def test_errors_can_come_from_another_process() -> None:
    for error in (FileError("a", "is bad", "mend it"), Busy("a", 7, "2026"), Busy("a")):
        copy = pickle.loads(pickle.dumps(error))
        assert (str(copy), vars(copy)) == (str(error), vars(error))
    assert str(FileError("a/b", "is bad", "mend it")) == "a/b: is bad; mend it"


# Names

SAFE = re.compile(r"(?![.-])[A-Za-z0-9._-]{1,120}(?<!\.)")
LIKE_OURS = r"[a-c]{1,2}-[0-9a-fA-F]{10}"
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=())),  # half surrogate pairs, too
    st.text("aA.-_ /\\~:é\0", max_size=6),
    st.from_regex(LIKE_OURS, fullmatch=True),
    st.sampled_from(["con", "NUL.txt", "aux.", "COM1.tar.gz", "..", ".", "-rf", "x" * 121, "con /"]),
)


@given(TEXTS)
@example("../../etc/passwd")
def test_safe_name_is_safe(text: str) -> None:
    name = safe_name(text)
    assert SAFE.fullmatch(name) and ".." not in name
    assert name.split(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


@given(TEXTS, TEXTS)
def test_safe_name_is_unique(a: str, b: str) -> None:
    if a != b:
        assert safe_name(a) != safe_name(b)
    for text in (safe_name(a), safe_name(a).upper(), safe_name(a).title()):
        if text != a and safe_name(a) != a:
            assert safe_name(text).lower() != safe_name(a).lower()


@given(st.from_regex(r"[A-Za-z0-9_]([A-Za-z0-9_-]|\.(?=[A-Za-z0-9_])){0,40}", fullmatch=True))
@example("reuters-2024010112")
@example("x" * 120)
@example("console.log")
def test_safe_name_keeps_what_is_safe(text: str) -> None:
    ours = re.search(r"(?i)-(?=[0-9]*[a-f])[0-9a-f]{10}$", text)
    reserved = re.match(r"(?i)(con|prn|aux|nul|(com|lpt)[1-9])(\.|$)", text)
    assert (safe_name(text) == text) is not bool(ours or reserved)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://example.org/Élysée?id=1", "https-example.org-Elysee-id-1-"),
        ("con.txt", "_con.txt-"),
        ("", "text-"),
        ("新闻", "text-"),
        ("a..b", "a.b-"),
    ],
)
def test_safe_name_can_be_read(text: str, name: str) -> None:
    assert re.fullmatch(re.escape(name) + "[0-9a-f]{10}", safe_name(text))
