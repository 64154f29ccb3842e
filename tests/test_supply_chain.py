"""What is installed: pinned with hashes, from nowhere in particular, under licences that go with Dateline's own."""

import json
import re
import subprocess
import sys
from pathlib import Path

import _licences
import pytest

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "requirements"
LOCKS = sorted(path for path in REQUIREMENTS.glob("*.txt") if path.name != "torch.txt")
PINNED = re.compile(r"[A-Za-z0-9._-]+==\S+")


def entries(lock: Path) -> list[str]:
    """One text for each requirement: its line and the indented ones below."""
    lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return re.split(r"\n(?=\S)", "\n".join(lines).strip())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_locked_package_is_pinned_and_has_hashes(lock: Path) -> None:
    found = entries(lock)
    assert len(found) > 50
    assert [e.splitlines()[0] for e in found if not PINNED.match(e)] == []
    assert [e.splitlines()[0] for e in found if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", e)] == []
    assert re.search(r"--hash=(?!sha256:)", lock.read_text()) is None


@pytest.mark.parametrize("path", sorted(REQUIREMENTS.iterdir()), ids=lambda path: path.name)
def test_no_registry_stands_in_the_requirements(path: Path) -> None:
    options = ("--index-url", "--extra-index-url", "--find-links", "--trusted-host", "-i ", "-f ")
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")
    ]
    assert [line for line in lines if "://" in line or line.lstrip().startswith(options)] == []


def test_what_the_default_install_declares_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[^A-Za-z0-9._-]", line)[0].lower() for line in project["dependencies"]}
    assert wanted - {p.name for p in _licences.locked(REQUIREMENTS / "default.txt")} == set(), "make lock"


def test_nothing_in_the_default_install_binds_more_than_itself() -> None:
    packages = _licences.locked(REQUIREMENTS / "default.txt")
    assert len(packages) > 50
    told = {p.name: _licences.licence(p) for p in packages}
    odd = {name: said for name, said in told.items() if not _licences.parts(said) <= _licences.COMPATIBLE}
    assert odd == {}
    assert not any("GPL" in licence for licence in _licences.COMPATIBLE)


def test_a_copyleft_licence_would_be_seen() -> None:
    """krippendorff, an oracle of the tests, is under the GPL: it may be there, but not in the default install."""
    said = _licences.licence(_licences.Locked("krippendorff", "0", ""))
    assert not _licences.parts(said) <= _licences.COMPATIBLE
    assert "krippendorff" not in {p.name for p in _licences.locked(REQUIREMENTS / "default.txt")}


def test_every_locked_package_is_read() -> None:
    """A line that the pattern does not know would be a package without a licence."""
    for lock in LOCKS:
        browsers = [e for e in entries(lock) if "sys_platform == 'emscripten'" in e.splitlines()[0]]
        assert len(_licences.locked(lock)) == len(entries(lock)) - len(browsers)


# The audit

ANSWERS = {
    "well": (
        {"dependencies": [{"name": "a", "version": "1", "vulns": []}]},
        0,
        "1 packages looked up, 0 known",
    ),
    "flawed": (
        {"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}]},
        1,
        "a 1: CVE-1, mended in 2",
    ),
    "unknown": (
        {"dependencies": [{"name": "a", "skip_reason": "not found"}]},
        2,
        "could not be looked up: a",
    ),
    "silent": (None, 2, "was not audited"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_could_not_be_looked_up_is_never_well(name: str, tmp_path: Path) -> None:
    answer, code, said = ANSWERS[name]
    tool = tmp_path / "python"
    words = "echo no network >&2" if answer is None else f"cat <<'END'\n{json.dumps(answer)}\nEND"
    tool.write_text(f"#!/bin/sh\n{words}\n")
    tool.chmod(0o755)
    command = [sys.executable, str(ROOT / "scripts/audit.py"), str(LOCKS[0]), "--python", str(tool)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
