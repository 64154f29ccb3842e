"""Look the locked packages up among known vulnerabilities."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import _cli
import typer

LOCKS = [Path("requirements") / f"{name}.txt" for name in ("default", "dev", "train", "label-studio")]


def main(
    locks: Annotated[list[Path] | None, typer.Argument(help="Locked requirements; without any, all.")] = None,
    python: Annotated[Path, typer.Option(help="A Python that has pip-audit.")] = Path(sys.executable),
    service: Annotated[str, typer.Option(help="Who is asked: pypi or osv.")] = "osv",
) -> None:
    """Say which locked packages have known vulnerabilities. Exit code: 0 none, 1 some, 2 where it could not be told.

    Names and versions go to a public service, and nothing is installed or changed. What could not be looked up, for
    want of a network or because the service does not know it, is no "none".
    """
    found: set[str] = set()
    skipped: set[str] = set()
    looked_up: set[str] = set()
    for lock in locks or [lock for lock in LOCKS if lock.exists()]:
        for package in _audited(python, lock, service):
            name = f"{package['name']} {package.get('version', '')}".strip()
            (skipped if "skip_reason" in package else looked_up).add(name)
            for flaw in package.get("vulns", ()):
                mended = ", ".join(flaw.get("fix_versions", ())) or "no version"
                found.add(f"{name}: {flaw['id']}, mended in {mended} ({lock})")
    for line in sorted(found):
        typer.echo(line)
    typer.echo(f"{len(looked_up)} packages looked up, {len(found)} known vulnerabilities")
    if skipped:
        _cli.fail(f"{len(skipped)} packages could not be looked up: {', '.join(sorted(skipped)[:5])} …")
    raise SystemExit(_cli.ERRORS if found else 0)


def _audited(python: Path, lock: Path, service: str) -> list[dict[str, Any]]:
    """What pip-audit says of each package of a lock; ends with exit code 2 where it says nothing."""
    options = ["--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    command = [str(python), "-m", "pip_audit", *options, "--vulnerability-service", service, "-r", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
        return packages
    except (ValueError, KeyError, TypeError):
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        _cli.fail(f"{lock} was not audited; is there a network? pip-audit says: {last[:300]}")


if __name__ == "__main__":
    _cli.run(main)
