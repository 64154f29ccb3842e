"""Results as JSON, as a table, and as a part of a page with its plot."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from _bench import kept, plot
from _bench.cases import BY_NAME, FLOOR
from _bench.runs import Bench, Result
from dateline import files

_BEGIN, _END = "<!-- measured: written by scripts/bench.py -->", "<!-- end of what was measured -->"
_PACKAGES = (
    *("datasets", "label-studio-sdk", "jiter", "jsonschema-rs", "msgspec"),
    *("numpy", "orjson", "polars", "pyarrow"),
)
_HEAD = ("case", "wall s", "CPU s", "x floor", "articles/s", "MiB", "MiB process", *kept.PARTS, "loses")


def as_json(results: Iterable[Result]) -> str:
    """A list of objects: case, size, wall_s, cpu_s, peak_mib, peak_process_mib."""
    rows = [{k: v for k, v in asdict(result).items() if k != "kept"} for result in results]
    return json.dumps(rows, indent=1)


def as_text(results: Sequence[Result], bench: Bench) -> str:
    """A table for each size; `x floor` is the ratio of CPU."""
    return "\n\n".join("\n".join(_lines(title, rows)) for title, rows in _tables(results, bench))


def _lines(title: str, rows: list[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(len(row[n]) for row in (_HEAD, *rows)) for n in range(len(_HEAD))]
    yield title
    for row in (_HEAD, *rows):
        cells = (cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True))
        yield "  ".join((row[0].ljust(widths[0]), *cells, row[-1])).rstrip()


def _tables(results: Sequence[Result], bench: Bench) -> Iterable[tuple[str, list[tuple[str, ...]]]]:
    there = bench.of_corpora()
    for size in dict.fromkeys(result.size for result in results):
        rows = [r for r in results if r.size == size]
        floor = next((r.cpu_s for r in rows if r.case == FLOOR), None)
        yield f"{size:,} articles", [_row(r, floor, there[size]) for r in rows]


def _row(r: Result, floor: float | None, there: kept.Kept) -> tuple[str, ...]:
    ratio = f"{r.cpu_s / floor:.2f}" if floor else ""
    counted = r.kept
    shares = [_share(counted.get(part, 0), there[part]) if counted else "" for part in kept.PARTS]
    return (
        r.case,
        f"{r.wall_s:.2f}",
        f"{r.cpu_s:.2f}",
        ratio,
        f"{r.size / r.wall_s:,.0f}",
        f"{r.peak_mib:,.0f}",
        f"{r.peak_process_mib:,.0f}",
        *shares,
        BY_NAME[r.case].loses,
    )


def _share(count: int, whole: int) -> str:
    """A part as a percentage that says 100 only where nothing is missing, and 0 only where nothing is there."""
    if count in (0, whole) or not whole:
        return "100%" if count else "0"
    return f"{min(max(100 * count / whole, 0.1), 99.9):.1f}%"


def takes(page: Path) -> bool:
    """True for a page that results can be written into: it has the marks between which they stand."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    return 0 <= text.find(_BEGIN) < text.find(_END)


def write(page: Path, results: Sequence[Result], bench: Bench) -> None:
    """Put the results between the marks of a page that has them, and the plot into `images/` beside it."""
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    image = page.parent / "images" / f"{page.stem}.svg"
    files.write_bytes(image, plot.svg(results))
    body = "\n".join([*_machine(bench), *_markdown(results, bench, f"images/{image.name}"), *_cases(results)])
    files.write_text(page, f"{before}{_BEGIN}\n\n{body}\n\n{_END}{after}")


def _machine(bench: Bench) -> list[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return [
        f"Machine: {os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB of memory, {platform.system()}.",
        f"Python {platform.python_version()}; {versions}.",
        f"Medians of {bench.repeats} run{'s' * (bench.repeats > 1)} of each case{_once(bench)}.",
        "",
    ]


def _once(bench: Bench) -> str:
    large = bench.repeats > 1 and max(bench.sizes) > bench.repeats_up_to
    return f", of one above {bench.repeats_up_to:,} articles" if large else ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )


def _markdown(results: Sequence[Result], bench: Bench, image: str) -> Iterable[str]:
    yield f"![Wall time, CPU and memory against the number of articles, for each case]({image})"
    for title, rows in _tables(results, bench):
        yield from ("", f"### {title}", "", "| " + " | ".join(_HEAD) + " |")
        yield "|---" + "|---:" * (len(_HEAD) - 2) + "|---|"
        yield from ("| " + " | ".join(row) + " |" for row in rows)


def _cases(results: Sequence[Result]) -> Iterable[str]:
    yield from (
        "",
        "### What the cases do",
        "",
        "| case | does |",
        "|---|---|",
    )
    for name in dict.fromkeys(result.case for result in results):
        yield f"| {name} | {BY_NAME[name].does} |"
