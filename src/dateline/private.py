"""Files that only their owner may read: tokens, passwords, who is who."""

from __future__ import annotations

from pathlib import Path

from dateline import files


def write(path: Path, text: str) -> None:
    """Write the file with mode 0600; it is closed to others before anything stands in it."""
    if path.exists():
        path.chmod(0o600)
    files.write_text(path, text, mode=0o600)
