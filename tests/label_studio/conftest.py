"""A batch of its own for each test on the real Label Studio."""

import shutil
from itertools import count
from pathlib import Path

import pytest
from workbench import Bench

from dateline import store
from dateline.label_studio import server
from dateline.label_studio.client import Client
from dateline.schema import Schema


@pytest.fixture(scope="session")
def client(label_studio: server.Server) -> Client:
    return Client(label_studio.access)


_numbers = count(1)


@pytest.fixture
def bench(client: Client, schema: Schema, tmp_path: Path) -> Bench:
    return Bench(client, schema, tmp_path / "annotations", f"batch{next(_numbers)}")


@pytest.fixture
def sample(bench: Bench, root: Path) -> Bench:
    """A bench with everything that the repository's own annotations hold."""
    for path in (root / "annotations" / store.ARTICLES).glob("*.json"):
        bench.articles.append(store.read_article(path))
    shutil.copytree(root / "annotations" / store.ARTICLES, bench.annotations / store.ARTICLES)
    for name in store.batches(root / "annotations"):
        shutil.copytree(root / "annotations" / name, bench.annotations / bench.batch, dirs_exist_ok=True)
    return bench


@pytest.fixture
def user(client: Client) -> int:
    """A second person on the server."""
    email = f"person{next(_numbers)}@news.example"
    return int(
        client._object("POST", "api/users/", {"email": email, "username": email, "first_name": "P"})["id"]
    )
