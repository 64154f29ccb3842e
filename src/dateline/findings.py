"""Findings: what a check has to say about one place, for machines and for people.

A finding never stops a run. It is collected, ordered, and rendered as text, JSON or GitHub
annotations by the functions below.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

import msgspec

SEVERITIES = {"E": "error", "W": "warning", "I": "info"}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to know about one place.

    `code` is stable and never reused; its first letter is the severity (E, W or I).
    `file` and `line` (from 1) lead to the bytes, `doc_id`, `event_id`, `region` and `role` to the
    annotation, `start` and `end` (code points, half-open) to the words, `url` to Label Studio.
    `place` is the same for a reader: `press_denial e2 «dismissed», role speaker`. `chosen` is a severity that
    the project's configuration gives in place of that of the letter.
    """

    code: str
    message: str
    hint: str | None = None
    file: str | None = None
    line: int | None = None
    doc_id: str | None = None
    annotator: str | None = None
    event_id: str | None = None
    region: str | None = None
    role: str | None = None
    start: int | None = None
    end: int | None = None
    url: str | None = None
    place: str | None = None
    chosen: str | None = None

    @property
    def severity(self) -> str:
        """`error`, `warning` or `info`: the chosen one, else by the letter of the code."""
        return self.chosen or SEVERITIES[self.code[0]]


def share(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, with one copy of what many say in the same words: half the memory where they come decoded."""
    same = {"code", "hint", "file", "annotator", "chosen"}
    return [
        msgspec.structs.replace(
            f, **{name: sys.intern(said) for name in same if (said := getattr(f, name)) is not None}
        )
        for f in findings
    ]


def order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort by file, line, article, offsets and code, so that one input gives one report."""

    def key(f: Finding) -> tuple[object, ...]:
        return (
            f.file or "",
            f.line or 0,
            f.doc_id or "",
            f.annotator or "",
            -1 if f.start is None else f.start,
            -1 if f.end is None else f.end,
            f.code,
            f.message,
            f.region or "",
        )

    return sorted(findings, key=key)


def select(
    findings: Iterable[Finding], chosen: Iterable[str] = (), ignored: Iterable[str] = ()
) -> list[Finding]:
    """Keep what starts with one of `chosen` (all, where none is given) and with none of `ignored`.

    A code or the beginning of one: `E4` stands for all errors of level 4.
    """
    wanted, unwanted = tuple(chosen), tuple(ignored)
    return [
        f
        for f in findings
        if (not wanted or f.code.startswith(wanted)) and not (unwanted and f.code.startswith(unwanted))
    ]


def has_errors(findings: Iterable[Finding]) -> bool:
    """True when a finding is an error."""
    return any(f.severity == "error" for f in findings)


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """Number of findings for each severity, all three always present."""
    seen = Counter(f.severity for f in findings)
    return {name: seen[name] for name in SEVERITIES.values()}


def as_json(findings: Iterable[Finding]) -> str:
    """A JSON list of objects with every field of a finding; what is not known is null."""
    rows = [{"severity": f.severity, **msgspec.structs.asdict(f)} for f in findings]
    first = ("code", "severity", "message", "hint")
    ordered = [
        {k: row[k] for k in (*first, *(k for k in row if k not in (*first, "chosen")))} for row in rows
    ]
    return msgspec.json.format(msgspec.json.encode(ordered), indent=2).decode()


def as_text(finding: Finding) -> str:
    """A clickable location, the code, the message; below it the place and how to mend it."""
    where = finding.file or "-"
    if finding.line is not None:
        where += f":{finding.line}"
    lines = [f"{where}: {finding.code} {finding.message}"]
    crumb = ", ".join(
        part
        for part in (
            finding.doc_id,
            finding.annotator and f"annotator {finding.annotator}",
            finding.place,
            finding.region and f"region {finding.region}",
        )
        if part
    )
    if crumb:
        lines.append(f"    in   {crumb}")
    if finding.hint:
        lines.append(f"    mend {finding.hint}")
    if finding.url:
        lines.append(f"    open {finding.url}")
    return "\n".join(printable(line) for line in lines)


def as_github(finding: Finding) -> str:
    """A workflow command, so that the finding stands beside the line in a pull request.

    Format: "Workflow commands for GitHub Actions", setting an error/warning/notice message.
    """
    level = {"error": "error", "warning": "warning", "info": "notice"}[finding.severity]
    properties = {"file": finding.file, "line": finding.line, "title": finding.code}
    head = ",".join(
        f"{name}={_escape(str(value), ':,')}" for name, value in properties.items() if value is not None
    )
    parts = (finding.place, finding.message, finding.hint)
    return f"::{level} {head}::{_escape(' | '.join(p for p in parts if p))}"


def printable(text: str) -> str:
    """Text for a terminal: control, format and unpaired characters as escapes, the rest as is."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _escape(text: str, extra: str = "") -> str:
    for char in "%\r\n" + extra:
        text = text.replace(char, f"%{ord(char):02X}")
    return printable(text)
