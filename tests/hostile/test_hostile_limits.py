"""What is too large is a finding, in bounded memory and time: each run is a process of its own with its limit."""

import gzip
import json
import resource
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from articles import ROOT, SCHEMA, Json, annotation, task, write

from dateline import reading, sources
from dateline.settings import RuleSettings, Thresholds

MEMORY = 2 * 2**30  # bytes that a process may hold at once
ADDRESSES = 8 * 2**30  # keeps the machine whole should one run away: what is only mapped counts here, too
SECONDS = 60  # of the processor
MILLION = 10**6


# runs a command, and says what the largest of its processes held
PEAK = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, file=sys.stderr)
sys.exit(code if code >= 0 else 128 - code)
"""


def run(*command: object) -> "subprocess.CompletedProcess[str]":
    """A script under the limits; it ends by itself, and without a traceback."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    words = [sys.executable, str(ROOT / "scripts" / str(command[0])), *map(str, command[1:])]
    words = [sys.executable, "-c", PEAK, *words]
    done = subprocess.run(words, preexec_fn=limited, capture_output=True, text=True, cwd=ROOT, check=False)
    done.stderr, _, peak = done.stderr.rpartition("peak ")
    assert int(peak) < MEMORY, f"{int(peak) >> 20} MiB"
    assert done.returncode in (0, 1), (done.returncode, done.stderr[-2000:])
    assert "Traceback" not in done.stdout + done.stderr
    return done


def mark(number: int, control: str, start: int, end: int, label: str, **value: object) -> Json:
    span = {"start": start, "end": end, "labels": [label], **value}
    return {"id": f"r{number}", "from_name": control, "to_name": "text", "type": "labels", "value": span}


def flat(count: int) -> Json:
    text = "Ann phoned. " * 50
    found = [mark(n, "mention", 12 * (n % 50), 12 * (n % 50) + 3, "PERSON", text="Ann") for n in range(count)]
    return task("flat", text, annotation(found))


def nested(count: int) -> Json:
    text = "a" * (2 * count + 1)
    found = [mark(n, "mention", n, 2 * count + 1 - n, "PERSON") for n in range(count)]
    return task("nested", text, annotation(found))


def repeated(count: int) -> Json:
    """An article of a megabyte in which each event would repeat it."""
    text = "Ann phoned. " * 80_000
    return task(
        "rows",
        text,
        annotation([mark(n, "trigger", 12 * n + 4, 12 * n + 10, "phone_call") for n in range(count)]),
    )


LARGE: dict[str, Callable[[], Json]] = {
    "a text of 50 MB": lambda: task("long", "Ann phoned. " * (50 * MILLION // 12), annotation([])),
    "a text of 50 MB, not ASCII": lambda: task("long", "é \u0301😀 " * (50 * MILLION // 10), annotation([])),
    "100,000 regions": lambda: flat(100_000),
    "10,000 nested spans": lambda: nested(10_000),
    "a megabyte a row": lambda: repeated(1000),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_an_article_over_a_limit_is_one_finding_and_no_dataset(name: str, tmp_path: Path) -> None:
    annotations = write(tmp_path / "annotations", "march", LARGE[name]())
    done = run("export.py", "march", "--annotations", annotations, "--out", tmp_path / "exports")
    assert done.returncode == 1 and "E213" in done.stdout + done.stderr
    assert not (tmp_path / "exports" / "march").exists()


@pytest.mark.slow
def test_10_000_nested_spans_are_exported_where_the_limit_is_raised(tmp_path: Path) -> None:
    annotations = write(tmp_path / "annotations", "march", nested(10_000), title="Nested")
    config = tmp_path / "dateline.toml"
    config.write_text(f"[rules.thresholds]\ncopied_characters = {200 * MILLION}\n")
    options = ["--annotations", annotations, "--out", tmp_path / "exports", "--config", config]
    done = run("export.py", "march", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "exports" / "march" / "README.md").is_file()


def link(head: int, tail: int, label: str) -> Json:
    ends = {"from_id": f"r{head}", "to_id": f"r{tail}", "type": "relation", "direction": "right"}
    return {**ends, "labels": [label]}


WORDS = "Ann phoned. Bo denied it. "


def chain(count: int) -> Json:
    """Each event is a part of the next."""
    made = [mark(n, "trigger", 4, 10, "phone_call") for n in range(count)]
    return task(
        "chain", WORDS, annotation([*made, *(link(n - 1, n, "subevent_of") for n in range(1, count))])
    )


def denials(count: int) -> Json:
    """A denial of each event."""
    made = [mark(2 * n, "trigger", 4, 10, "phone_call") for n in range(count)]
    made += [mark(2 * n + 1, "trigger", 15, 21, "press_denial") for n in range(count)]
    return task(
        "denials", WORDS, annotation([*made, *(link(2 * n + 1, 2 * n, "denies") for n in range(count))])
    )


def crowded(count: int) -> Json:
    """One event with many triggers and arguments."""
    made = [mark(2 * n, "trigger", 4, 10, "phone_call") for n in range(count)]
    made += [mark(2 * n + 1, "mention", 0, 3, "PERSON") for n in range(count)]
    made += [link(0, 2 * n, "same_event") for n in range(1, count)]
    made += [link(2 * n, 2 * n + 1, "participant") for n in range(count)]
    return task("crowded", WORDS, annotation(made))


def lost(count: int) -> Json:
    """Spans that are not in the text, and relations to nothing."""
    made = [mark(n, "mention", n, n + 3, "PERSON", text="Zoe") for n in range(count)]
    return task(
        "lost", WORDS, annotation([*made, *(link(n, n + count, "participant") for n in range(count))])
    )


@pytest.mark.slow
@pytest.mark.parametrize("shape", [chain, denials, crowded, lost, nested])
def test_what_is_just_within_the_limits_is_checked_in_time(
    shape: Callable[[int], Json], tmp_path: Path
) -> None:
    counts = {chain: 9000, denials: 6000, crowded: 4900, lost: 9900, nested: 6000}
    annotations = write(tmp_path / "annotations", "march", shape(counts[shape]))
    done = run("validate.py", "--format", "json", annotations / "march")
    assert "E213" not in {f["code"] for f in json.loads(done.stdout)}


@pytest.mark.slow
def test_many_events_are_exported_in_time(tmp_path: Path) -> None:
    text = "".join(f"Ann phoned {n:05d}. " for n in range(1500))
    people = [mark(2 * n, "mention", 18 * n, 18 * n + 3, "PERSON") for n in range(1500)]
    calls = [mark(2 * n + 1, "trigger", 18 * n + 4, 18 * n + 16, "phone_call") for n in range(1500)]
    made = [*people, *calls, *(link(2 * n + 1, 2 * n, "participant") for n in range(1500))]
    annotations = write(tmp_path / "annotations", "march", task("many", text, annotation(made)), title="Many")
    done = run("export.py", "march", "--annotations", annotations, "--out", tmp_path / "exports")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("line", [b'{"a": "' + b"x" * 1000, b"[" * 1000, b"0," * 500, b'{"a": 1} ' * 100])
def test_a_file_of_500_mb_in_one_line(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "line.json"
    with path.open("wb") as file:
        for _ in range(500 * MILLION // len(line) // 1000):
            file.write(line * 1000)
    done = run("validate.py", "--format", "json", path)
    found = json.loads(done.stdout)
    assert found and {f["code"] for f in found} <= {"E002", "E003", "E008"}
    path.unlink()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["gz", "zst", "gz in gz"])
def test_a_bomb_is_one_finding(tmp_path: Path, kind: str) -> None:
    """Gigabytes of white space from a megabyte or two; they are not unpacked to their end."""
    import pyarrow

    path = tmp_path / "bomb.json"
    block = b" " * 2**24
    if kind == "zst":
        frame = pyarrow.compress(block, codec="zstd", asbytes=True)
        path.write_bytes(frame * (9 * 2**30 // len(block)))
    else:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        data = b"".join(packer.compress(block) for _ in range(3 * 2**30 // len(block) // 8)) + packer.flush()
        path.write_bytes(gzip.compress(data) if kind == "gz in gz" else data * 8)
    done = run("validate.py", "--format", "json", path)
    (found,) = json.loads(done.stdout)
    assert found["code"] == ("E001" if kind == "gz in gz" else "E008")  # what is in the outer one is no UTF-8


def small(**limits: int) -> RuleSettings:
    return RuleSettings(thresholds=Thresholds(**limits))


def found(value: Json, rules: RuleSettings) -> list[str]:
    raw = sources.Raw("x.json", 1, json.dumps(value).encode(), whole=True)
    return [f.code for item in reading.items([raw], SCHEMA, rules) for f in item.findings if f.code == "E213"]


def test_each_limit_is_exact_and_its_own() -> None:
    text, made = "Ann phoned.", [mark(1, "mention", 0, 3, "PERSON"), mark(2, "trigger", 4, 10, "phone_call")]
    value = task("d", text, annotation(made))
    copies = 3 + 6 + len(text)  # the spans, and the article in the event's row
    for name, size in {"text_characters": len(text), "marks": 2, "copied_characters": copies}.items():
        assert found(value, small(**{name: size})) == []
        assert found(value, small(**{name: size - 1})) == ["E213"]


def test_an_article_and_a_record_have_limits_too() -> None:
    article = {"doc_id": "d", "text": "x" * 11, "text_sha256": "", "source": {}}
    assert found(article, small(text_characters=10)) == ["E213"]
    record = {
        "text": "x" * 11,
        "mentions": [{"start": 0, "end": 9}],
        "events": [{"triggers": [{"start": 0, "end": 1}]}],
    }
    assert found(record, small(copied_characters=9 + 1 + 11)) == []
    assert found(record, small(copied_characters=9 + 1 + 10)) == ["E213"]
    assert found(record, small(marks=1)) == ["E213"]


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [1, None], {"text": 7}, {"result": {}}])
def test_any_shape_has_a_size(value: object) -> None:
    for part in ("data", "annotations", "events", "mentions", "relations", "text"):
        assert found({"text": "", part: value}, small()) == []
        assert (
            found(
                {"data": {"text": "x"}, "annotations": [value, {"result": [value, {"type": "labels"}]}]},
                small(),
            )
            == []
        )
