"""What keeps a model from being trained, said for people."""

from __future__ import annotations


class TrainError(Exception):
    """Training cannot begin: what is wrong, and a hint how to mend it."""

    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason, hint)
        self.reason, self.hint = reason, hint

    def __str__(self) -> str:
        return self.reason + (f"; {self.hint}" if self.hint else "")


INSTALL = "make .venv/train.done"


def require() -> None:
    """Raise TrainError with the command that installs them where PyTorch or `transformers` is missing."""
    from importlib.util import find_spec

    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    if missing:
        raise TrainError(f"training needs {' and '.join(missing)}", f"install what is missing: {INSTALL}")
