"""Which batches there are, for whoever asked for one that there is not."""

from pathlib import Path


def missing(wanted: str, annotations: Path) -> str:
    """What to say of a batch that is not there."""
    from dateline import store

    try:
        there = store.batches(annotations)
    except OSError as error:
        return f"{annotations}: {error.strerror or error}"
    return f"there is no batch {wanted!r} in {annotations} (there is: {', '.join(there) or 'none'})"
