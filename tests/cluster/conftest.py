"""A real Dask scheduler with real workers, on a free port of this machine."""

import socket
import time
from collections.abc import Iterator

import pytest
from machines import Cluster, free_port, started


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler with two workers."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'dateline[cluster]'")
    port = free_port()
    command = ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-jupyter"]
    made = Cluster(port, tmp_path_factory.mktemp("dask"), started(*command))
    try:
        for _ in range(100):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        made.join()
        made.join()
        made.wait_for(2)
        yield made
    finally:
        made.stop()
