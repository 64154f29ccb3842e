"""From the bytes of one source to its values: a JSON array, one object, or JSONL, as the content says."""

from __future__ import annotations

import mmap
import re
import sys
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import msgspec

from dateline.findings import Finding
from dateline.strict_json import BOM, BadJson, decode, foreign_encoding

_SPACE = b" \t\r\n"
_GAP = re.compile(rb"[ \t\r\n]*")
_TOKEN = re.compile(rb'\\.|["{}\[\],]', re.DOTALL)
_TRAILING = re.compile(r"trailing characters \(byte (\d+)\)")
_SAMPLE = 1000  # so many lines decide between broken JSONL and one broken object
_DEEPEST = 10_000  # brackets of a broken value that are kept count of
_CHUNK = 2**20
Buffer = bytes | mmap.mmap


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
        return finding(bad.code, f"{bad.message} ({place})", bad.hint, raw.file, bad.line)


def too_large(what: str, limit: int, file: str, line: int | None = None) -> Finding:
    """The finding for what is larger than may be read."""
    return finding("E008", f"{what} of over {limit:,} bytes", "Split it, or raise the limit.", file, line)


def finding(code: str, message: str, hint: str, file: str, line: int | None = None) -> Finding:
    """A finding about a file."""
    return Finding(code=code, message=message, hint=hint, file=file, line=line)


class Text(NamedTuple):
    """The bytes of one source; a value of over `limit` bytes is not cut out."""

    file: str
    data: Buffer
    limit: int

    def value(self, start: int, end: int, line: int, whole: bool = False) -> Raw | Finding:
        """The bytes between as a raw value that begins at the line."""
        if end - start > self.limit:
            return too_large("a value", self.limit, self.file, line)
        return Raw(self.file, line, self.data[start:end].rstrip(_SPACE), whole)

    def finding(self, message: str, hint: str, line: int, code: str = "E002") -> Finding:
        """A finding about this source."""
        return finding(code, message, hint, self.file, line)

    def newlines(self, start: int, end: int) -> int:
        """How many line breaks stand between."""
        return sum(self.data[at : min(at + _CHUNK, end)].count(b"\n") for at in range(start, end, _CHUNK))

    def skip(self, start: int, end: int = sys.maxsize) -> int:
        """Where the white space at `start` ends."""
        gap = _GAP.match(self.data, start, end)
        return gap.end() if gap else start


def values(text: Text) -> Iterator[Raw | Finding]:
    """Every value of the source in order, a finding in the place of what is none."""
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


def _array(text: Text, opening: int) -> Iterator[Raw | Finding]:
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


def _elements(text: Text, at: int) -> Iterator[tuple[int, int]]:
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
        if start < end < len(data) and data[end] in b",]" and _is_value(data, start, end):
            return end
    return -1


def _is_value(data: Buffer, start: int, end: int) -> bool:
    try:
        msgspec.json.decode(memoryview(data)[start:end], type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _rough_end(text: Text, start: int) -> int:
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
            if len(closers) > _DEEPEST:
                return -1
        elif not closers:
            return token.start() if byte in b",]" else -1
        elif byte != b"," and closers.pop() != byte[0]:
            return -1
    return -1


def _closes(text: Text, start: int) -> bool:
    while (end := _rough_end(text, start)) >= 0 and text.data[end] == ord(","):
        start = end + 1
    return end >= 0 and text.skip(end + 1) == len(text.data)


def _rest(text: Text, start: int, line: int) -> Iterator[Raw | Finding]:
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


def _jsonl(text: Text, begin: int) -> Iterator[Raw | Finding]:
    carriage = text.data.find(b"\r", begin)
    if carriage >= 0:
        hint = "End lines with a line feed only (dos2unix does it)."
        yield text.finding("carriage returns", hint, 1 + text.newlines(0, carriage), "W009")
    for line in _lines(text, begin):
        yield text.value(line.start, line.end, line.number)


def _lines(text: Text, begin: int) -> Iterator[_Line]:
    """The lines that are not blank; only a line feed ends one (a carriage return in a file without any)."""
    stop, number = (b"\n" if text.data.find(b"\n", begin) >= 0 else b"\r"), 0
    while begin < len(text.data):
        number, end = number + 1, text.data.find(stop, begin)
        end = len(text.data) if end < 0 else end
        start = text.skip(begin, end)
        if start < end:
            yield _Line(number, start - begin, start, end)
        begin = end + 1


def _is_jsonl(text: Text, begin: int, start: int) -> bool:
    """One value a line, some of them perhaps broken, rather than one value, perhaps broken.

    Objects from margin to margin speak for it; against it, what the inside of an object looks like.
    """
    if _is_value(text.data, start, len(text.data)):
        return False
    lines = list(islice(_lines(text, begin), _SAMPLE))
    first = lines[0]
    if len(lines) > 1 and text.data[start] == ord("{") and _is_value(text.data, start, first.end):
        return True
    return len(lines) > 1 and sum(_weight(text, line, first) for line in lines) > 0


def _weight(text: Text, line: _Line, first: _Line) -> int:
    opening = text.data[line.start]
    closing = text.data[max(line.start, line.end - 80) : line.end].rstrip(_SPACE)[-1:]
    if line.indent > first.indent or opening in b'"}]' or (opening == ord("{") and closing in b"{[,:"):
        return -1
    closed = opening == ord("{") and closing == b"}"
    return 0 if not closed else 1 if line is first else 2
