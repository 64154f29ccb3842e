"""Writing: everything that Dateline writes goes through here and appears whole or not at all.

Files and folders are made beside their place under a temporary name, brought to the disk, and renamed.
Missing parent folders are made. A symlink is written through: its target changes, the link stays.
What a killed run left behind is swept by the next one.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

from dateline import exchange, prefixes, storage

StrPath = str | os.PathLike[str]  # or a URL
J = TypeVar("J")
R = TypeVar("R")

_POLL = 0.05  # seconds between two attempts to get a lock
_ELSEWHERE = "choose another --out or --name, or remove it"
_HINTS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "free some space and run again"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), "check who may write there"),
    errno.EFBIG: "a limit (ulimit -f) or the file system allows no file of that size: raise it, or choose another place",
    errno.EROFS: "choose a place that can be written to",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ENOTDIR: "a part of this path is a file",
    **dict.fromkeys((errno.EBUSY, errno.EXDEV), "it may be a mount point: choose a folder inside it"),
    errno.EEXIST: _ELSEWHERE,
    errno.ENOTEMPTY: "another process wrote there meanwhile: run again",
    **dict.fromkeys((errno.ENOLCK, errno.ENOTSUP), "choose a place on another file system"),
}
# what pyarrow puts before the system's words
_ARROW = re.compile(r".* Detail: \[errno [0-9]+\] ", re.DOTALL)


class FileError(Exception):
    """Something cannot be written; the message is for people: path, reason, and a hint how to mend it."""

    def __init__(self, path: StrPath, reason: str, hint: str | None = None) -> None:
        super().__init__(str(path), reason, hint)  # the arguments, so that it can be pickled
        self.path, self.reason, self.hint = Path(str(path)), reason, hint

    def __str__(self) -> str:
        return f"{self.args[0]}: {self.reason}" + (f"; {self.hint}" if self.hint else "")


class Busy(FileError):
    """Another process holds the lock: `pid` and `since` (UTC, ISO 8601), None where not known."""

    def __init__(self, path: StrPath, pid: int | None = None, since: str | None = None) -> None:
        who = "another process" if pid is None else f"process {pid}"
        reason = f"{who} is working on it" + (f" since {since}" if since else "")
        super().__init__(path, reason, "wait until it is done, or end it")
        self.args = (str(path), pid, since)
        self.pid, self.since = pid, since


def attempt(function: Callable[[J], R], job: J) -> R | FileError:
    """`function(job)`, or the FileError that it raised, as a value: what a worker raises comes home as mere words."""
    try:
        return function(job)
    except FileError as error:
        return error


def write_text(path: StrPath, text: str, *, mode: int = 0o666) -> bool:
    """`write_bytes` in UTF-8, line ends as given; a lone surrogate is a FileError."""
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        reason = f"the text has half a surrogate pair at character {error.start}"
        raise FileError(path, reason, "mend the text: it cannot be written as UTF-8") from error
    return write_bytes(path, data, mode=mode)


def write_bytes(path: StrPath, data: bytes, *, mode: int = 0o666) -> bool:
    """Replace or create the file at `path`; True if it changed, else it has not been touched.

    The mode stays, the owner as far as we may; a new file gets `mode` less the umask. On any
    failure up to the rename the file is as before, and after the rename it is the new one.
    """
    with explained(path):
        if storage.is_url(path):
            storage.write_bytes(storage.place(str(path)), data)
            return True
        target = _resolve(path)
        before = _regular(path, target)
        exchange.make_folders(target.parent)
        exchange.sweep_once(target.parent)
        if before and before.st_size == len(data) and target.read_bytes() == data:
            return False
        temp = exchange.sibling(target)
        try:
            exchange.fill(temp, data, before, mode)
            os.replace(temp, target)
        finally:
            with suppress(OSError):
                exchange.drop(temp)
        exchange.sync(target.parent)
        return True


class Stream:
    """A new file that is written from its beginning to its end, and hashed on the way."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash, self._size = file, hashlib.sha256(), 0
        self.closed = False

    def write(self, data: bytes | memoryview) -> int:
        """Write all of the data; how many bytes that were."""
        view = memoryview(data).cast("B")
        self._hash.update(view)
        self._size += len(view)
        self._file.write(view)
        return len(view)

    def tell(self) -> int:
        """How many bytes were written."""
        return self._size

    def digest(self) -> str:
        """SHA-256 of what was written, in hexadecimal."""
        return self._hash.hexdigest()

    def flush(self) -> None:
        """Nothing to do: the end brings everything to the disk."""

    def close(self) -> None:
        """What writes may close it as often as it likes."""
        self.closed = True

    def readable(self) -> bool:
        """False."""
        return False

    def writable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """False."""
        return False


@contextmanager
def stream(path: StrPath) -> Iterator[Stream]:
    """Write a new file piece by piece, inside a folder that is not published yet (see `new_folder`).

    On a clean exit it is on the disk; on an exception it is deleted.
    """
    with explained(path):
        place = Path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(place, "xb") as file:
                yield Stream(file)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                place.unlink()
            raise


@contextmanager
def new_folder(path: StrPath, *, marker: str) -> Iterator[Path]:
    """Yield an empty folder to fill; on a clean exit it takes the place of `path` in one step.

    `marker` is a file that each folder of this kind holds ("manifest.json"). A folder at `path` is
    replaced only if it is empty or has it, else FileError; a new folder without it is a ValueError.
    If the body raises, its exception goes on and the folder at `path` is untouched. The new folder
    gets the old one's mode. Two processes that may build the same folder need `lock`. Behind a URL there
    is no such step: `dateline.prefixes` says what happens there.
    """
    if storage.is_url(path):
        with explained(path), prefixes.new(storage.place(str(path)), marker) as fresh:
            yield fresh
        return
    with explained(path):
        target = _resolve(path)
        _check_ours(path, target, marker)  # first: mending takes whatever lies at `path` for the newer
        exchange.make_folders(target.parent)
        exchange.mend(target)
        _check_ours(path, target, marker)
        temp = exchange.begin(target)
    try:
        yield temp
        if not (temp / marker).is_file():
            raise ValueError(f"the new folder for {path} lacks {marker}: no later run could replace it")
        with explained(path):
            _check_ours(path, target, marker)
            exchange.install(temp, target)
    except BaseException:
        with suppress(OSError):
            exchange.drop(temp)
        with suppress(OSError):  # in any case: a former folder may wait to be put back
            exchange.mend(target)
        raise
    _delete_former(path, temp)


def check_folder(path: StrPath, *, marker: str) -> None:
    """Raise FileError where `new_folder` would refuse to replace what is at `path`; nothing is touched."""
    with explained(path):
        if storage.is_url(path):
            prefixes.check(storage.place(str(path)), marker)
        else:
            _check_ours(path, _resolve(path), marker)


def recover(path: StrPath) -> None:
    """Mend what a killed run left at `path`, a file or a folder; `new_folder` does this by itself.

    Temporary siblings of dead processes are deleted. If a run died between the two renames of an
    exchange, the old folder is put back: it is whole, and that run never said that it was done.
    """
    with explained(path):
        if storage.is_url(path):
            prefixes.sweep(storage.place(str(path)))
        else:
            exchange.mend(_resolve(path))


@contextmanager
def lock(path: StrPath, *, wait: float = 0) -> Iterator[None]:
    """Hold `path` (file, folder, or not there yet) for this process; Busy after `wait` seconds.

    Advisory: it keeps out only those who ask, other threads of this process included. It ends with the
    process, however that ends; the file `.{name}.lock` goes on release, or with the next holder. Behind a
    URL nothing is locked.
    """
    if storage.is_url(path):
        yield
        return
    with explained(path):
        target = _resolve(path)
        exchange.make_folders(target.parent)
        place = target.with_name(f".{exchange.stem(target.name)}.lock")
        fd = _acquire(path, place, wait)
    try:
        yield
    finally:
        _release(fd, place)


_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?<!\.)")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|$)", re.IGNORECASE)
_DIGEST = re.compile(r"(?=[0-9]{0,9}[a-f])[0-9a-f]{10}")
_DIGEST_END = re.compile(rf"-{_DIGEST.pattern}$", re.IGNORECASE)
_LONGEST = 120


def safe_name(text: str) -> str:
    """A name for a file or folder made from data; two different texts never share one.

    A safe text is its own name: at most 120 of A-Z a-z 0-9 . _ -, not beginning with "." or "-", not
    ending with ".", without "..", not reserved on Windows. Any other text gives a readable stem, "-"
    and 10 hex digits of its SHA-256, the first ten in a row with a letter among them. A text that ends
    like that is not safe either, in any case of letters, lest it take the name of another; a number or
    a time stamp of ten digits is no such end.

    On a file system that ignores case, only two safe texts that differ in nothing but case clash.
    """
    if _is_safe(text):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{_readable(text)}-{_DIGEST.findall(digest)[0]}"


def _is_safe(text: str) -> bool:
    fits = len(text) <= _LONGEST and ".." not in text and _SAFE.fullmatch(text)
    return bool(fits) and not _RESERVED.match(text) and not _DIGEST_END.search(text)


def _readable(text: str) -> str:
    """What can be kept of a text in a file name, accents dropped; never empty, never reserved."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text[:1000]) if not unicodedata.combining(c))
    words = re.sub(r"\.{2,}", ".", re.sub(r"[^A-Za-z0-9._]+", "-", plain)).lstrip("-.")
    kept = words[: _LONGEST - 12].rstrip("-._") or "text"
    return f"_{kept}" if _RESERVED.match(kept) else kept


@contextmanager
def explained(path: StrPath) -> Iterator[None]:
    """Turn what the system says into a FileError about the path that the caller gave."""
    try:
        yield
    except OSError as error:
        hint = _HINTS.get(error.errno or 0)
        raise FileError(path, _ARROW.sub("", error.strerror or str(error)), hint) from error


def _resolve(path: StrPath) -> Path:
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise FileError(path, "is a symlink that leads to itself", "remove it")
    return target


def _regular(path: StrPath, target: Path) -> os.stat_result | None:
    """The state of the file to replace; a folder, a device or a pipe is refused."""
    try:
        before = os.stat(target)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(before.st_mode):
        kind = "a folder" if stat.S_ISDIR(before.st_mode) else "a device or a pipe"
        raise FileError(path, f"is {kind}, not a file", "choose another name")
    return before


def _check_ours(path: StrPath, target: Path, marker: str) -> None:
    if exchange.is_vacant(target) or (target / marker).is_file():
        return
    if not target.is_dir():
        raise FileError(path, "is a file, not a folder", _ELSEWHERE)
    raise FileError(path, f"holds files but no {marker}, so it was not made by Dateline", _ELSEWHERE)


def _delete_former(path: StrPath, temp: Path) -> None:
    try:
        exchange.drop(temp)
    except OSError as error:
        reason = f"is complete, but the former one could not be deleted ({error.strerror})"
        raise FileError(path, reason, f"remove {temp}") from error


def _acquire(path: StrPath, place: Path, wait: float) -> int:
    deadline = time.monotonic() + wait
    while (left := deadline - time.monotonic()) > 0:
        with suppress(Busy):
            return _attempt(path, place)
        time.sleep(min(_POLL, left))
    return _attempt(path, place)


def _attempt(path: StrPath, place: Path) -> int:
    """An open, locked file that is the one at `place`, with our name in it; or Busy."""
    try:
        import fcntl
    except ImportError as error:
        raise FileError(path, "cannot be locked on this system", "run it on Linux, macOS or WSL") from error
    while True:
        fd = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Else the former holder deleted the file after our open: the one there now is to be locked.
            if _is_at(fd, place):
                return _signed(fd)
        except BlockingIOError:
            holder = _holder(fd)
            os.close(fd)
            raise Busy(path, *holder) from None
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)


def _release(fd: int, place: Path) -> None:
    """Delete first, while nobody else can hold it. Unlock by hand: forked children share the lock."""
    import fcntl

    with suppress(OSError):
        if _is_at(fd, place):
            os.unlink(place)
    fcntl.flock(fd, fcntl.LOCK_UN)
    os.close(fd)


def _is_at(fd: int, place: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), os.lstat(place))
    except FileNotFoundError:
        return False


def _signed(fd: int) -> int:
    text = f"pid {os.getpid()}\nsince {datetime.now(UTC).isoformat(timespec='seconds')}\n".encode()
    with suppress(OSError):  # a full disk: the lock holds all the same
        os.pwrite(fd, text, 0)  # over the old text, not after emptying it: someone may be reading
        os.ftruncate(fd, len(text))
    return fd


def _holder(fd: int) -> tuple[int | None, str | None]:
    match = re.match(rb"pid ([0-9]+)\nsince (\S+)\n", os.pread(fd, 200, 0))
    return (int(match[1]), match[2].decode()) if match else (None, None)
