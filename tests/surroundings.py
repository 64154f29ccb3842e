"""What tests find on a machine: a Chromium and how it is started, and free ports."""

import shutil
import socket

INSTALL = "apt-get install chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Where Debian's Chromium is, if it is installed."""
    return shutil.which("/usr/bin/chromium") or shutil.which("chromium")


def free_port() -> int:
    """A port of the loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
