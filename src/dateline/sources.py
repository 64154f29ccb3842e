"""From paths to raw records: a JSON array, one object, or JSONL; plain, gzip or zstd; files, folders, URLs, stdin.

The form is decided by content, not by name. What is no record is a Finding in its place; only a path that
cannot be opened is an exception. Values are cut out here and decoded by `load` or `parse`.
"""

from __future__ import annotations

import errno
import mmap
import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

from dateline import storage
from dateline.cutting import Buffer, Raw, Text, finding, load, parse, too_large, values
from dateline.findings import Finding

__all__ = ["STDIN", "SUFFIXES", "Raw", "SourceError", "expand", "load", "loose", "parse", "read", "values_of"]

STDIN = "<stdin>"
SUFFIXES = tuple(form + packed for form in (".json", ".jsonl", ".ndjson") for packed in ("", ".gz", ".zst"))

_PACKINGS = {  # zstd may begin with a skippable frame
    "gzip": re.compile(rb"\x1f\x8b"),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
}
_HINT = "Records are read from *.json, *.jsonl and *.ndjson, also as .gz and .zst."
_CHUNK = 2**20
_LET_GO = 16 * 2**20  # bytes
_ROOMY, _RATIO = 2**30, 200  # unpacked bytes that any archive may give, and times its size: more is a bomb
TEMPORARY = "the folder for temporary files"
MAKE_ROOM = "free some space there, or set TMPDIR to another one"
_FULL = (errno.ENOSPC, errno.EDQUOT)
MAX_VALUE, MAX_FILE = 64 * 2**20, 8 * 2**30  # bytes


class SourceError(Exception):
    """A path that cannot be read: `path` as given, `reason` in words."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


def read(
    paths: Iterable[Path | str],
    *,
    stdin: BinaryIO | None = None,
    max_value_bytes: int = MAX_VALUE,
    max_file_bytes: int = MAX_FILE,
) -> Iterator[Raw | Finding]:
    """The values of all sources in order; `-` is standard input, a folder stands for its JSON files.

    Raises SourceError at once, before anything is read, when a path is missing or unreadable. Findings: E001
    UTF-16 or UTF-32, E002 what is no JSON file or cannot be split, W007 byte order mark, E008 a value or a
    file (unpacked, too) over its limit, W009 carriage returns in JSONL.
    """
    return _read(expand(paths), stdin, max_value_bytes, max_file_bytes)


def _read(
    found: list[str | Finding], stdin: BinaryIO | None, max_value: int, max_file: int
) -> Iterator[Raw | Finding]:
    for source in found:
        if isinstance(source, Finding):
            yield source
        else:
            yield from values_of(source, stdin, max_value, max_file)


def expand(paths: Iterable[Path | str]) -> list[str | Finding]:
    """Every file below the paths, in order, and a finding for a folder without any.

    Raises SourceError when a path is missing or unreadable.
    """
    return [source for path in paths for source in _expand(str(path))]


def values_of(
    source: str, stdin: BinaryIO | None = None, max_value: int = MAX_VALUE, max_file: int = MAX_FILE
) -> Iterator[Raw | Finding]:
    """The values of one source; findings and errors as `read` has them."""
    content = _content(source, stdin, max_file)
    if isinstance(content, Finding):
        yield content
    else:
        read = 0
        for value in values(Text(_name(source), content, max_value)):
            yield value
            read += len(value.data) if isinstance(value, Raw) else 0
            if read >= _LET_GO:
                read = _let_go(content)


def _let_go(content: Buffer) -> int:
    """Give back the memory of what was read of a mapped file: it is in the system's cache, and is not needed again."""
    if isinstance(content, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        content.madvise(mmap.MADV_DONTNEED)
    return 0


# Paths


def _expand(path: str) -> Iterable[str | Finding]:
    if path == "-":
        return [path]
    if storage.is_url(path):
        return _behind(path)
    files = sorted(_files_below(path)) if os.path.isdir(path) else [path]
    for file in files:
        _check_readable(file)
    return files or [finding("E002", "no JSON file in this folder", _HINT, _name(path))]


def _behind(url: str) -> Iterable[str | Finding]:
    try:
        found = storage.below(url)
    except OSError as error:
        _refuse(error, url)
    if found == [url]:
        return found
    inside = len(url.rstrip("/"))
    files = [file for file in found if file.lower().endswith(SUFFIXES) and "/." not in file[inside:]]
    return files or [finding("E002", "no JSON file in this folder", _HINT, url)]


def _files_below(path: str) -> Iterator[str]:
    for here, folders, names in os.walk(path, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield os.path.join(here, name)


def _check_readable(path: str) -> None:
    try:
        os.stat(path)
    except (OSError, ValueError) as error:
        _refuse(error, path)
    if not os.access(path, os.R_OK):
        raise SourceError(_name(path), "no permission to read it")


def _refuse(error: OSError | ValueError, path: str | None = None) -> NoReturn:
    where = path or getattr(error, "filename", None) or "?"
    raise SourceError(_name(where), getattr(error, "strerror", None) or str(error)) from error


def _name(path: str) -> str:
    """A path as text that can be written anywhere: bytes of a name that are not UTF-8 become escapes."""
    return STDIN if path == "-" else os.fsencode(path).decode("utf-8", "backslashreplace")


def loose(folder: Path) -> list[Path]:
    """The JSON files that stand in the folder itself, not in one of its folders."""
    found = (p for p in folder.iterdir() if p.name.lower().endswith(SUFFIXES) and not p.name.startswith("."))
    return sorted(p for p in found if p.is_file())


# Bytes


def _content(path: str, stdin: BinaryIO | None, limit: int) -> Buffer | Finding:
    """The unpacked bytes of a source, mapped from the file itself or from a temporary one.

    Raises SourceError, which names the temporary folder where that one is full.
    """
    try:
        with ExitStack() as stack:
            file = stack.enter_context(_open(path, stdin, limit))
            if not _is_mappable(file):
                file = _copy(file, stack.enter_context(_scratch()), limit)
            packing = _packing(file)
            if packing and _size(file) <= limit:
                limit = min(limit, max(_ROOMY, _RATIO * _size(file)))
                file = _unpack(file, packing, stack.enter_context(_scratch()), limit)
            if _size(file) > limit:
                return too_large("a file", limit, _name(path))
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if _size(file) else b""
    except OSError as error:
        if error.errno in _FULL:  # nothing is written elsewhere
            _no_room(error)
        if error.errno is not None:
            _refuse(error, path)
        message = f"compressed data that is damaged or cut off ({str(error)[:60]})"
        return finding("E002", message, "Copy or export the file again.", _name(path))


def _open(path: str, stdin: BinaryIO | None, limit: int) -> AbstractContextManager[BinaryIO]:
    if storage.is_url(path):
        file = _scratch()
        storage.fetch(path, file, limit)
        file.seek(0)
        return file
    return nullcontext(stdin or sys.stdin.buffer) if path == "-" else open(path, "rb")


def _scratch() -> BinaryIO:
    try:
        return cast("BinaryIO", tempfile.TemporaryFile())
    except OSError as error:
        _no_room(error)


def _no_room(error: OSError) -> NoReturn:
    where = f"{TEMPORARY}, {tempfile.tempdir}" if tempfile.tempdir else TEMPORARY
    raise SourceError(where, f"{error.strerror or error}; {MAKE_ROOM}") from error


def _is_mappable(file: BinaryIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(file.fileno()).st_mode) and file.tell() == 0
    except (OSError, AttributeError):  # a stream without a file behind it, or a pipe
        return False


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _packing(file: BinaryIO) -> str | None:
    head = os.pread(file.fileno(), 4, 0)
    return next((name for name, magic in _PACKINGS.items() if magic.match(head)), None)


def _copy(source: BinaryIO, target: BinaryIO, limit: int) -> BinaryIO:
    """`target`, with what `source` gives: no more than a chunk over the limit."""
    while target.tell() <= limit and (chunk := source.read(_CHUNK)):
        target.write(chunk)
    target.seek(0)  # flushes, too
    return target


def _unpack(file: BinaryIO, packing: str, target: BinaryIO, limit: int) -> BinaryIO:
    import pyarrow

    with pyarrow.CompressedInputStream(pyarrow.PythonFile(file, mode="r"), packing) as stream:
        return _copy(stream, target, limit)
