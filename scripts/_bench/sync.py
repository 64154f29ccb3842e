"""What push and pull cost with a real Label Studio, started for this on a free port. Run as `sync.py SIZE OUT`."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from dateline import schema, sync_cost
from dateline.label_studio import server
from dateline.label_studio.client import Client

ROOT = Path(__file__).parents[2]


def main(size: int, out: Path) -> None:
    """Print each step's seconds and this process's peak memory."""
    command = server.environment(ROOT / ".label-studio/venv", ROOT / "requirements/label-studio.txt", print)
    with socket.socket() as probe:
        probe.bind((server.HOST, 0))
        port = probe.getsockname()[1]
    with server.running(command, out / "label-studio", port) as running:
        client = Client(running.access)
        client.whoami()
        found = sync_cost.measure(client, schema.load(ROOT / "schema"), out / "annotations", size)
    for what, value in found.items():
        print(f"{what:<28}{value:>12,.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
