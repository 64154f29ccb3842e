"""Places to read from and write to: paths of this machine, and URLs (s3://bucket/annotations) through fsspec.

A URL becomes a path object with the methods of pathlib (universal_pathlib's UPath), so that most code need
not know which of the two it has. A path of this machine stays a pathlib.Path, and nothing is imported for it.
Credentials and endpoints are those of the environment (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and so on).
What a backend raises is an OSError here, with the words of the backend.
"""

from __future__ import annotations

import errno
import hashlib
import re
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

if TYPE_CHECKING:
    import polars as pl

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_CHUNK = 2**20
_MANY = 4096  # digests that are remembered
_NEEDED = "URLs need fsspec and its backend, such as s3fs: pip install 'dateline[cluster]'"


class State(NamedTuple):
    """A file's size in bytes, and a word that changes with its content."""

    size: int
    stamp: str


_listed: dict[str, State] = {}  # files behind URLs, as they were when their folder was listed
_run = 0
_digests: OrderedDict[str, str] = OrderedDict()  # of files behind URLs that were read whole, the last ones


def is_url(place: object) -> bool:
    """Whether a place lies behind a URL."""
    return not isinstance(place, Path) and _URL.match(str(place)) is not None


def place(text: str | Path) -> Path:
    """The place as a path object. Raises OSError where what a URL needs is not installed."""
    if not is_url(text):
        return Path(text)
    try:
        from upath import UPath
    except ImportError as error:
        raise OSError(errno.EPROTONOSUPPORT, _NEEDED, str(text)) from error
    with _said(text):
        return cast(
            "Path", UPath(text, use_listings_cache=False)
        )  # no listing of old in a worker that lives on


def forget() -> None:
    """Forget what is remembered of files behind URLs: another run has begun."""
    global _run
    _run += 1
    _listed.clear()
    _digests.clear()
    is_folder_remembered.cache_clear()


# Reading


def below(url: str) -> list[str]:
    """Every file below a URL, in order, or itself where it is a file; their states are remembered."""
    with _said(url):
        fs, root = _opened(url)
        found = fs.find(root, detail=True)
    if not found:
        raise FileNotFoundError(errno.ENOENT, "there is nothing", url)
    states = {_full(fs, name): _state(info) for name, info in found.items()}
    _listed.update(states)
    return sorted(states)


def state(path: str | Path) -> State:
    """A file's size and stamp; of one behind a URL as it was listed, if it was. Raises OSError."""
    if not is_url(path):
        found = Path(path).stat()
        return State(found.st_size, str(found.st_mtime_ns))
    url = str(path)
    if url not in _listed:
        with _said(url):
            fs, name = _opened(url)
            _listed[url] = _state(fs.info(name))
    return _listed[url]


def version(path: Path) -> int:
    """A number that is another one when the file may have changed. Raises OSError."""
    return _run if is_url(path) else path.stat().st_mtime_ns


def is_folder(path: Path) -> bool:
    """Whether there is a folder; behind a URL asked once a run."""
    return is_folder_remembered(str(path)) if is_url(path) else path.is_dir()


@lru_cache(maxsize=256)
def is_folder_remembered(url: str) -> bool:
    """`is_folder` for a URL."""
    with _said(url):
        fs, name = _opened(url)
        try:
            return bool(fs.info(name)["type"] == "directory")
        except FileNotFoundError:
            return False


def folders(path: Path) -> list[str]:
    """The names of the folders in a folder; none where there is no folder. Raises OSError."""
    if not is_url(path):
        return [inner.name for inner in path.iterdir() if inner.is_dir()] if path.is_dir() else []
    with _said(path):
        fs, name = _opened(str(path))
        try:
            found = fs.ls(name, detail=True)
        except FileNotFoundError:
            return []
        return [
            str(info["name"]).rstrip("/").rpartition("/")[2] for info in found if info["type"] == "directory"
        ]


def exists(path: Path) -> bool:
    """Whether there is anything at the path; what was read in this run is."""
    if not is_url(path):
        return path.exists()
    with _said(path):
        return str(path) in _digests or path.exists()


def read_bytes(path: Path) -> bytes:
    """A file's content; behind a URL its hash is remembered. Raises OSError."""
    if not is_url(path):
        return path.read_bytes()
    with _said(path):
        fs, name = _opened(str(path))
        data: bytes = fs.cat_file(name)
    _remember(str(path), hashlib.sha256(data).hexdigest())
    return data


def fetch(url: str, target: BinaryIO, limit: int) -> None:
    """Copy a file into `target`, no more than a chunk over the limit; its hash is remembered."""
    digest = hashlib.sha256()
    with _said(url):
        fs, name = _opened(url)
        with fs.open(name, "rb", block_size=16 * _CHUNK) as file:
            while target.tell() <= limit and (chunk := file.read(_CHUNK)):
                digest.update(chunk)
                target.write(chunk)
    _remember(url, digest.hexdigest())


def digest(path: str | Path) -> str:
    """SHA-256 of a file. Raises OSError."""
    if not is_url(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    if str(path) not in _digests:
        read_bytes(place(path))
    return _digests[str(path)]


def readable(path: Path) -> Any:
    """What pyarrow reads a Parquet file from: the path, or a file that fetches what is asked for."""
    if not is_url(path):
        return path
    with _said(path):
        fs, name = _opened(str(path))
        return fs.open(name, "rb")


def scan(path: Path) -> pl.LazyFrame:
    """A Parquet file for polars, read as far as it is asked for."""
    import polars as pl

    if not is_url(path):
        return pl.scan_parquet(path)
    import pyarrow.dataset as ds

    with _said(path):
        fs, name = _opened(str(path))
        return pl.scan_pyarrow_dataset(ds.dataset(name, filesystem=fs, format="parquet"))


@contextmanager
def here(paths: list[Path]) -> Iterator[list[Path]]:
    """The files on this machine: themselves, or copies of those behind URLs, under the same last two names."""
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for path in paths:
            if is_url(path):
                copy = Path(folder, path.parent.name, path.name)
                copy.parent.mkdir(exist_ok=True)
                copy.write_bytes(read_bytes(path))
                found.append(copy)
            else:
                found.append(path)
        yield found


# Writing


def write_bytes(path: Path, data: bytes) -> None:
    """Put a file behind a URL: it is there whole or not at all. Raises OSError."""
    with _said(path):
        fs, name = _opened(str(path))
        _inside(fs, [name], lambda: fs.pipe_file(name, data))


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A path of this machine to write a file to; on a clean exit it is at `path`.

    That is `path` itself, or a temporary file that is uploaded. Raises OSError.
    """
    if not is_url(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        local = Path(folder, path.name)
        yield local
        with _said(path):
            fs, name = _opened(str(path))
            _inside(fs, [name], lambda: fs.put_file(str(local), name))


def remove(url: Path) -> None:
    """Delete a file or everything below a prefix, if there is anything. Raises OSError."""
    with _said(url):
        fs, name = _opened(str(url))
        if fs.exists(name):
            fs.rm(name, recursive=True)


def names_below(url: Path) -> list[str]:
    """The files below a prefix, relative to it; none where there is nothing."""
    with _said(url):
        fs, root = _opened(str(url))
        return sorted(name[len(root) :].strip("/") for name in fs.find(root))


def copy(source: Path, target: Path, names: list[str]) -> None:
    """Copy these files from below one prefix to below another, where they lie, without fetching them."""
    with _said(target):
        fs, old = _opened(str(source))
        new = _opened(str(target))[1]
        pairs = [(f"{old}/{name}", f"{new}/{name}") for name in names]
        if pairs:
            _inside(fs, [b for _, b in pairs], lambda: fs.copy([a for a, _ in pairs], [b for _, b in pairs]))


def _opened(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the name in it."""
    found = cast("Any", place(url))
    return found.fs, found.path.rstrip("/")


def _inside(fs: Any, names: list[str], write: Callable[[], object]) -> None:
    """Write; where that fails for want of folders (an object store has none), make them and write again."""
    try:
        write()
    except FileNotFoundError:
        for folder in sorted({name.rpartition("/")[0] for name in names}):
            fs.makedirs(folder, exist_ok=True)
        write()


def _full(fs: Any, name: str) -> str:
    found: str = fs.unstrip_protocol(name)
    return found


def _state(info: dict[str, Any]) -> State:
    told = (info.get(key) for key in ("ETag", "etag", "md5Hash", "LastModified", "mtime", "created"))
    return State(int(info.get("size") or 0), str(next((t for t in told if t), "")))


def _remember(url: str, sha256: str) -> None:
    _digests[url] = sha256
    _digests.move_to_end(url)
    if len(_digests) > _MANY:
        _digests.popitem(last=False)


@contextmanager
def _said(place: object) -> Iterator[None]:
    """Turn what a backend raises (botocore has exceptions of its own) into OSErrors with a number and words."""
    try:
        yield
    except ImportError as error:
        raise OSError(errno.EPROTONOSUPPORT, f"{_NEEDED} ({error})", str(place)) from error
    except OSError as error:
        if error.errno is not None:
            raise
        words = " ".join(str(error).split()) or type(error).__name__
        kind = errno.ENOENT if isinstance(error, FileNotFoundError) else errno.EIO
        raise OSError(kind, words, str(place)) from error
    except ValueError as error:  # a protocol that fsspec does not know
        raise OSError(errno.EINVAL, " ".join(str(error).split()), str(place)) from error
    except Exception as error:
        if not type(error).__module__.startswith(("botocore", "aiobotocore", "aiohttp", "gcsfs", "azure")):
            raise
        raise OSError(errno.EIO, " ".join(str(error).split()), str(place)) from error
