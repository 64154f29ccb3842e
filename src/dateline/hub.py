"""The Hugging Face Hub, by its own library; HF_TOKEN and HF_ENDPOINT are read by it, and nothing here sees them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from dateline import __version__, manifest
from dateline.publish import PublishError, Release

if TYPE_CHECKING:
    from huggingface_hub import HfApi

_THEIRS = (".gitattributes", "README.md")  # what the Hub itself puts into a new repository


def push(release: Release, repo: str, private: bool = False) -> str:
    """Bring a release to the dataset repository `repo`, whole, in one commit; the commit's address.

    The repository is made where there is none. Raises PublishError for a release with problems, for a
    repository that holds something else or is public and should be private, and for whatever the Hub says.
    """
    if release.problems:
        raise PublishError(f"{release.folder} must not be published: {'; '.join(release.problems)}")
    with _explained(repo):
        from huggingface_hub import HfApi

        api = HfApi()
        api.create_repo(repo, repo_type="dataset", private=private or None, exist_ok=True)
        return _commit(api, release, repo, private)


def _commit(api: HfApi, release: Release, repo: str, private: bool) -> str:
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    info = api.dataset_info(repo)
    there = [file.rfilename for file in info.siblings or () if file.rfilename not in _THEIRS]
    if private and not info.private:
        raise PublishError(
            f"{repo} is there already and is public: make it private on the Hub, or choose another name"
        )
    if there and manifest.NAME not in there:
        raise PublishError(
            f"{repo} holds something else ({there[0]}, …), which would be removed: choose another name"
        )
    stale = [CommitOperationDelete(path) for path in there if path not in release.files]
    added = [CommitOperationAdd(path, str(release.folder / path)) for path in release.files]
    done = api.create_commit(
        repo,
        [*stale, *added],
        commit_message=f"{release.name}, exported by Dateline {__version__}",
        repo_type="dataset",
        parent_commit=info.sha,
    )
    return str(done.commit_url)


@contextmanager
def _explained(repo: str) -> Iterator[None]:
    """Turn what the library raises into words."""
    from huggingface_hub import errors

    http = cast(type[Exception], errors.HfHubHTTPError.__bases__[0])  # of whichever library it is built on
    try:
        yield
    except (http, OSError, ValueError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        status = getattr(getattr(error, "response", None), "status_code", None)
        hint = (
            "; log in with `hf auth login`, or set HF_TOKEN to a token that may write there"
            if status in (401, 403)
            else ""
        )
        raise PublishError(f"{repo} was not published: {said}{hint}") from error
