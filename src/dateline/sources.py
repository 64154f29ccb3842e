"""From paths to raw records: a JSON array, one object, or JSONL; plain, gzip or zstd; files, folders, stdin.

The form is decided by content, not by name. What is no record is a Finding in its place; only a path that
cannot be opened is an exception. Values are cut out here and decoded by `load` or `parse`.
"""

from __future__ import annotations

import mmap
import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, NoReturn

import msgspec

from dateline.findings import Finding
from dateline.strict_json import BOM, BadJson, decode, foreign_encoding

STDIN = "<stdin>"
SUFFIXES = tuple(form + packed for form in (".json", ".jsonl", ".ndjson") for packed in ("", ".gz", ".zst"))

_SPACE = b" \t\r\n"
_GAP = re.compile(rb"[ \t\r\n]*")
_TOKEN = re.compile(rb'\\.|["{}\[\],]', re.DOTALL)
_TRAILING = re.compile(r"trailing characters \(byte (\d+)\)")
_PACKINGS = {  # zstd may begin with a skippable frame
    "gzip": re.compile(rb"\x1f\x8b"),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
}
_CHUNK = 2**20
_SAMPLE = 1000  # so many lines decide between broken JSONL and one broken object

Buffer = bytes | mmap.mmap


class SourceError(Exception):
    """A path that cannot be read: `path` as given, `reason` in words."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class Raw(msgspec.Struct, frozen=True):
    """One JSON value, cut out and not yet checked.

    `line` (from 1, in the unpacked file) is where it begins; `whole`: it is all that the file holds.
    """

    file: str
    line: int
    data: bytes
    whole: bool = False


def load(raw: Raw) -> object:
    """The decoded value. Raises BadJson with the line in the file."""
    try:
        return decode(raw.data)
    except BadJson as bad:
        raise BadJson(bad.code, bad.message, raw.line + bad.line - 1, bad.column, bad.hint) from None


def parse(raw: Raw) -> object | Finding:
    """The decoded value, or the Finding (E001 to E006, E008) that says why there is none."""
    try:
        return load(raw)
    except BadJson as bad:
        inside = bad.line == raw.line and not raw.whole
        place = f"character {bad.column} of the value" if inside else f"column {bad.column}"
        return _finding(bad.code, f"{bad.message} ({place})", bad.hint, raw.file, bad.line)


def read(
    paths: Iterable[Path | str],
    *,
    stdin: BinaryIO | None = None,
    max_value_bytes: int = 64 * 2**20,
    max_file_bytes: int = 8 * 2**30,
) -> Iterator[Raw | Finding]:
    """The values of all sources in order; `-` is standard input, a folder stands for its JSON files.

    Raises SourceError at once, before anything is read, when a path is missing or unreadable. Findings: E001
    UTF-16 or UTF-32, E002 what is no JSON file or cannot be split, W007 byte order mark, E008 a value or a
    file (unpacked, too) over its limit, W009 carriage returns in JSONL.
    """
    sources = [source for path in paths for source in _expand(os.fspath(path))]
    return _read(sources, stdin, max_value_bytes, max_file_bytes)


def _read(
    sources: list[str | Finding], stdin: BinaryIO | None, max_value: int, max_file: int
) -> Iterator[Raw | Finding]:
    for source in sources:
        content = source if isinstance(source, Finding) else _content(source, stdin, max_file)
        if isinstance(content, Finding):
            yield content
        else:
            yield from _values(_Text(_name(str(source)), content, max_value))


# Paths


def _expand(path: str) -> Iterable[str | Finding]:
    if path == "-":
        return [path]
    files = sorted(_files_below(path)) if os.path.isdir(path) else [path]
    for file in files:
        _check_readable(file)
    hint = "Records are read from *.json, *.jsonl and *.ndjson, also as .gz and .zst."
    return files or [_finding("E002", "no JSON file in this folder", hint, _name(path))]


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


# Bytes


def _content(path: str, stdin: BinaryIO | None, limit: int) -> Buffer | Finding:
    """The unpacked bytes of a source, mapped from the file itself or from a temporary one."""
    try:
        with ExitStack() as stack:
            file = stack.enter_context(_open(path, stdin))
            if not _is_mappable(file):
                file = _copy(file, stack.enter_context(_scratch()), limit)
            packing = _packing(file)
            if packing and _size(file) <= limit:
                file = _unpack(file, packing, stack.enter_context(_scratch()), limit)
            if _size(file) > limit:
                return _too_large("a file", limit, _name(path))
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if _size(file) else b""
    except OSError as error:
        if error.errno is not None:
            _refuse(error, path)
        message = f"compressed data that is damaged or cut off ({str(error)[:60]})"
        return _finding("E002", message, "Copy or export the file again.", _name(path))


def _open(path: str, stdin: BinaryIO | None) -> AbstractContextManager[BinaryIO]:
    return nullcontext(stdin or sys.stdin.buffer) if path == "-" else open(path, "rb")


def _scratch() -> AbstractContextManager[BinaryIO]:
    return tempfile.TemporaryFile()


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
    import pyarrow  # type: ignore[import-untyped, unused-ignore]

    with pyarrow.CompressedInputStream(pyarrow.PythonFile(file, mode="r"), packing) as stream:
        return _copy(stream, target, limit)


def _too_large(what: str, limit: int, file: str, line: int | None = None) -> Finding:
    return _finding("E008", f"{what} of over {limit:,} bytes", "Split it, or raise the limit.", file, line)


def _finding(code: str, message: str, hint: str, file: str, line: int | None = None) -> Finding:
    return Finding(code=code, message=message, hint=hint, file=file, line=line)


# Values


class _Text(NamedTuple):
    """The bytes of one source; a value of over `limit` bytes is not cut out."""

    file: str
    data: Buffer
    limit: int

    def value(self, start: int, end: int, line: int, whole: bool = False) -> Raw | Finding:
        if end - start > self.limit:
            return _too_large("a value", self.limit, self.file, line)
        return Raw(self.file, line, self.data[start:end].rstrip(_SPACE), whole)

    def finding(self, message: str, hint: str, line: int, code: str = "E002") -> Finding:
        return _finding(code, message, hint, self.file, line)

    def newlines(self, start: int, end: int) -> int:
        return sum(self.data[at : min(at + _CHUNK, end)].count(b"\n") for at in range(start, end, _CHUNK))

    def skip(self, start: int, end: int = sys.maxsize) -> int:
        gap = _GAP.match(self.data, start, end)
        return gap.end() if gap else start


def _values(text: _Text) -> Iterator[Raw | Finding]:
    begin = len(BOM) if text.data[:3] == BOM else 0
    if begin:
        yield text.finding("a byte order mark", "Save it as UTF-8 without one.", 1, "W007")
    start = text.skip(begin)
    if start == len(text.data):
        what = "nothing but white space" if start > begin else "an empty file"
        yield text.finding(what, "Is this the right file? Export it again, or delete it.", 1)
    elif encoding := foreign_encoding(text.data[:4]):
        yield text.finding(f"this is {encoding}, not UTF-8", "Save it as UTF-8.", 1, "E001")
    elif text.data[start] == ord("["):
        yield from _array(text, start)
    elif _is_jsonl(text, begin, start):
        yield from _jsonl(text, begin)
    else:
        yield text.value(start, len(text.data), 1 + text.newlines(0, start), whole=True)


# A list


def _array(text: _Text, opening: int) -> Iterator[Raw | Finding]:
    line, mark, end = 1, 0, opening
    for start, end in _elements(text, opening + 1):
        line, mark = line + text.newlines(mark, start), start
        if end < 0:
            yield from _rest(text, start, line)
            return
        if start < end:
            yield text.value(start, end, line)
        elif text.data[end] == ord(",") or start > text.skip(opening + 1):
            yield text.finding("a comma with no value beside it", "Delete the comma.", line)
    after = text.skip(end + 1)
    if after < len(text.data):
        hint = "A file holds one list: put everything into it, or delete the rest."
        yield text.finding("something follows the end of the list", hint, line + text.newlines(mark, after))


def _elements(text: _Text, at: int) -> Iterator[tuple[int, int]]:
    """Where each element starts and where the comma or bracket behind it stands: -1 when nobody can say.

    A broken element is cut out by its brackets, if all brackets and quotes up to the end of the file agree.
    """
    agree = False
    while True:
        start = text.skip(at)
        end = _value_end(text.data, start)
        if end < 0:
            agree = agree or _closes(text, start)
            end = _rough_end(text, start) if agree else -1
        yield start, end
        if end < 0 or text.data[end] == ord("]"):
            return
        at = end + 1


def _value_end(data: Buffer, start: int) -> int:
    """The comma or closing bracket behind a well-formed element, else -1.

    msgspec says where a value is followed by something; what it says is proven before it is believed.
    """
    try:
        msgspec.json.decode(memoryview(data)[start:], type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError) as error:
        said = _TRAILING.search(str(error))
        end = start + int(said[1]) - 1 if said else start
        return end if end > start and data[end] in b",]" and _is_value(data, start, end) else -1
    return -1


def _is_value(data: Buffer, start: int, end: int) -> bool:
    try:
        msgspec.json.decode(memoryview(data)[start:end], type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _rough_end(text: _Text, start: int) -> int:
    """The comma or closing bracket behind a broken element whose brackets and quotes match, else -1."""
    quoted, closers = False, bytearray()
    for token in _TOKEN.finditer(text.data, start, start + text.limit):
        byte = token[0]
        if byte == b'"':
            quoted = not quoted
        elif quoted or len(byte) > 1:
            continue
        elif byte in b"[{":
            closers += b"]" if byte == b"[" else b"}"
        elif not closers:
            return token.start() if byte in b",]" else -1
        elif byte != b"," and closers.pop() != byte[0]:
            return -1
    return -1


def _closes(text: _Text, start: int) -> bool:
    while (end := _rough_end(text, start)) >= 0 and text.data[end] == ord(","):
        start = end + 1
    return end >= 0 and text.skip(end + 1) == len(text.data)


def _rest(text: _Text, start: int, line: int) -> Iterator[Raw | Finding]:
    """What to say where a list cannot be cut any further."""
    raw = Raw(text.file, line, text.data[start : start + text.limit])
    found = parse(raw)
    if isinstance(found, Finding):
        yield msgspec.structs.replace(found, message=f"{found.message}; nothing after this is read")
    else:
        yield raw
        yield text.finding("the list has no end", "The file is cut off: export it again, or add the ].", line)


# Lines


class _Line(NamedTuple):
    number: int
    indent: int
    start: int
    end: int


def _jsonl(text: _Text, begin: int) -> Iterator[Raw | Finding]:
    carriage = text.data.find(b"\r", begin)
    if carriage >= 0:
        hint = "End lines with a line feed only (dos2unix does it)."
        yield text.finding("carriage returns", hint, 1 + text.newlines(0, carriage), "W009")
    for line in _lines(text, begin):
        yield text.value(line.start, line.end, line.number)


def _lines(text: _Text, begin: int) -> Iterator[_Line]:
    """The lines that are not blank; only a line feed ends one (a carriage return in a file without any)."""
    stop, number = (b"\n" if text.data.find(b"\n", begin) >= 0 else b"\r"), 0
    while begin < len(text.data):
        number, end = number + 1, text.data.find(stop, begin)
        end = len(text.data) if end < 0 else end
        start = text.skip(begin, end)
        if start < end:
            yield _Line(number, start - begin, start, end)
        begin = end + 1


def _is_jsonl(text: _Text, begin: int, start: int) -> bool:
    """One value a line, some of them perhaps broken, rather than one value, perhaps broken.

    Objects from margin to margin speak for it; against it, what the inside of an object looks like.
    """
    if _is_value(text.data, start, len(text.data)):
        return False
    lines = list(islice(_lines(text, begin), _SAMPLE))
    first = lines[0]
    if len(lines) > 1 and text.data[start] == ord("{") and _is_value(text.data, start, first.end):
        return True
    return len(lines) > 1 and sum(_weight(text, line, first.indent) for line in lines) > 0


def _weight(text: _Text, line: _Line, margin: int) -> int:
    opening = text.data[line.start]
    closing = text.data[max(line.start, line.end - 80) : line.end].rstrip(_SPACE)[-1:]
    if line.indent > margin or opening in b'"}]' or (opening == ord("{") and closing in b"{[,:"):
        return -1
    return int(opening == ord("{") and closing == b"}")
