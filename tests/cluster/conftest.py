"""Real servers on free ports of this machine: a Dask scheduler with workers, and an object store."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from machines import Cluster, running, wait_for_port
from surroundings import free_port


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler with two workers."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'dateline[cluster]'")
    with running(tmp_path_factory.mktemp("dask")) as made:
        yield made


@pytest.fixture(scope="session")
def s3() -> Iterator[dict[str, str]]:
    """The environment with which an S3-compatible server of this machine is reached; it has the bucket `news`."""
    for needed in ("moto", "s3fs", "upath"):
        pytest.importorskip(
            needed, reason="the object store's packages are not installed: pip install -e . --group dev"
        )
    port = free_port()
    env = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, env={**os.environ, **env}, **quiet)  # type: ignore[call-overload]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        try:
            wait_for_port(port)
            import s3fs

            s3fs.S3FileSystem().mkdir("news")
            yield env
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="session")
def s3_cluster(s3: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler with two workers that know the object store."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'dateline[cluster]'")
    with running(tmp_path_factory.mktemp("dask-s3"), s3) as made:
        yield made
