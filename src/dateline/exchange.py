"""Temporary siblings, and how one of them takes the place of what is there.

Beside `exports/news` there may be, for a moment or after a crash:

    .news.<pid>-<random>.dateline-tmp   being filled, or no longer wanted: may be deleted
    .news.<pid>-<random>.dateline-old   the whole former folder, moved away between two renames

Nothing is ever written into or deleted from a `-old` folder, so it can always be put back. The names
say all that `mend` has to know. The functions here take resolved paths and raise OSError;
`dateline.files` is the door for everyone else.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import re
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

_TMP, _OLD = ".dateline-tmp", ".dateline-old"
_NAME = re.compile(r"\.(.+)\.([0-9]{1,10})-([0-9a-f]{12})(\.dateline-(?:tmp|old))", re.DOTALL)
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # <fcntl.h>, <linux/fs.h>
# EPERM: what older container sandboxes answer to a call that they do not know.
_NO_EXCHANGE = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM}

_live: set[str] = set()  # `<pid>-<random>` of what this process is working on, in any thread
_swept: set[Path] = set()  # folders


class Sibling(NamedTuple):
    """A temporary sibling as its name describes it; `kind` is one of the two endings."""

    path: Path
    stem: str
    pid: int
    key: str
    kind: str


def stem(name: str) -> str:
    """`name`, or a digest where it is so long that a longer name might not be allowed."""
    raw = os.fsencode(name)
    return name if len(raw) <= 180 else hashlib.sha256(raw).hexdigest()[:40]


def sibling(target: Path) -> Path:
    """A fresh temporary name beside `target`, safe from sweeps until `drop`; creates nothing."""
    key = f"{os.getpid()}-{secrets.token_hex(6)}"
    _live.add(key)
    return target.with_name(f".{stem(target.name)}.{key}{_TMP}")


def drop(temp: Path) -> None:
    """Delete what is left at `temp`, if anything; from here on a sweep may take it."""
    _live.discard(_key(temp))
    _remove(temp)


def fill(temp: Path, data: bytes, before: os.stat_result | None, mode: int = 0o666) -> None:
    """Create `temp`, never more open than the file that it will replace (else `mode`), and bring it to the disk."""
    mode = stat.S_IMODE(before.st_mode) & 0o777 if before else mode
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    fd = os.open(temp, flags, mode)
    try:
        if before:
            keep_access(temp, before)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(fd, rest) :]
        os.fsync(fd)
    finally:
        os.close(fd)


def begin(target: Path) -> Path:
    """Make an empty sibling folder, as private as the folder that it is going to replace."""
    temp = sibling(target)
    if not target.is_dir():
        os.mkdir(temp)
        return temp
    before = os.stat(target)
    os.mkdir(temp, 0o700)
    keep_access(temp, before, also=0o700)
    return temp


def install(temp: Path, target: Path) -> None:
    """Make the folder `temp` appear at `target`, durably; what was there may be at `temp` afterwards.

    On an error `target` is whole, or its former state is a `-old` sibling, which `mend` puts back.
    """
    sync_tree(temp)
    if is_vacant(target):
        os.rename(temp, target)
    elif not swap(temp, target):
        _two_renames(temp, target)
    sync(target.parent)


def swap(a: Path, b: Path) -> bool:
    """Exchange two folders in one step; False where the system or the file system cannot."""
    renameat2 = _renameat2()
    if renameat2 is None:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(a), _AT_FDCWD, os.fsencode(b), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NO_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(a), None, str(b))


def mend(target: Path) -> None:
    """Undo what a dead process left half done at `target`, and sweep its siblings.

    Rolls back: a `-old` folder returns to its place if that is vacant, else it is superseded and goes.
    Siblings that cannot be deleted (someone else's) stay.
    """
    ours = [s for s in dead(target.parent) if s.stem == stem(target.name)]
    for left in (s for s in ours if s.kind == _TMP):
        with suppress(OSError):
            _remove(left.path)
    for left in (s for s in ours if s.kind == _OLD):
        if is_vacant(target):
            os.rename(left.path, target)
            sync(target.parent)
        else:
            with suppress(OSError):
                _remove(_retire(left.path))


def sweep_once(folder: Path) -> None:
    """Delete the temporary files (not folders) of dead processes in `folder`, where it can be done.

    Once for each folder and process: listing it for each of ten thousand files would be too slow.
    """
    if folder not in _swept:
        _swept.add(folder)
        with suppress(OSError):
            for left in dead(folder):
                if left.kind == _TMP and not left.path.is_dir():
                    os.unlink(left.path)


def dead(folder: Path) -> Iterator[Sibling]:
    """The siblings in `folder` that nobody works on any more, in the order of their names."""
    with suppress(FileNotFoundError):
        for name in sorted(os.listdir(folder)):
            if match := _NAME.fullmatch(name):
                pid, key = int(match[2]), f"{match[2]}-{match[3]}"
                if _is_dead(pid, key):
                    yield Sibling(folder / name, match[1], pid, key, match[4])


def is_vacant(target: Path) -> bool:
    """True where nothing or an empty folder is, so that a rename can put a folder there."""
    try:
        return not os.listdir(target)
    except FileNotFoundError:
        return not os.path.lexists(target)
    except NotADirectoryError:
        return False


def keep_access(path: Path, before: os.stat_result, also: int = 0) -> None:
    """Give `path` the owner, the group (as far as we may) and the mode that were there before."""
    now = os.stat(path)
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        with suppress(OSError):
            os.chown(path, before.st_uid, before.st_gid)
    mode = stat.S_IMODE(before.st_mode) | also
    if stat.S_IMODE(os.stat(path).st_mode) != mode:
        os.chmod(path, mode)


def make_folders(folder: Path) -> None:
    """Like `mkdir -p`, durable."""
    if not folder.is_dir():
        make_folders(folder.parent)
        with suppress(FileExistsError):  # another process was faster, or a file is there: seen later
            os.mkdir(folder)
        sync(folder.parent)


def sync(path: Path) -> None:
    """Fsync a file or a folder; file systems that cannot do it for this kind are left alone."""
    if os.name == "nt" and path.is_dir():
        return
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(fd)


def sync_tree(folder: Path) -> None:
    """Fsync each regular file and each folder below and including `folder`, links not followed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                sync_tree(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                sync(Path(entry.path))
    sync(folder)


def _two_renames(temp: Path, target: Path) -> None:
    """The exchange where there is none in one step; between the two renames `target` is missing."""
    old = temp.with_name(temp.name.removesuffix(_TMP) + _OLD)
    os.rename(target, old)
    os.rename(temp, target)
    sync(target.parent)  # before the old one goes, the new one must be there to stay
    _retire(old)


def _retire(old: Path) -> Path:
    """Rename `-old` to `-tmp` before it is deleted: a `-old` folder is whole or does not exist."""
    temp = old.with_name(old.name.removesuffix(_OLD) + _TMP)
    os.rename(old, temp)
    return temp


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        with suppress(FileNotFoundError):
            os.unlink(path)


def _key(temp: Path) -> str:
    return temp.name.removesuffix(_TMP).rpartition(".")[2]


def _is_dead(pid: int, key: str) -> bool:
    """Our own number, too, may be a former process's: containers start each run with the same one."""
    if pid == os.getpid():
        return key not in _live
    if os.name == "nt":  # there, signal 0 is not a question
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False
    return False


@cache
def _renameat2() -> Callable[..., int] | None:
    """The call of glibc 2.28 and later; None elsewhere."""
    if sys.platform != "linux":
        return None
    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if function is not None:
        text = ctypes.c_char_p
        function.argtypes = (ctypes.c_int, text, ctypes.c_int, text, ctypes.c_uint)
        function.restype = ctypes.c_int
    return function
