"""The project's configuration: `dateline.toml`, all of it optional."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

FILE = "dateline.toml"
Share = Annotated[float, msgspec.Meta(ge=-1, le=1)]


class SettingsError(Exception):
    """A configuration that cannot be used: `reason` and `hint`, with the file where it is known."""

    def __init__(self, reason: str, hint: str | None = None, path: Path | None = None) -> None:
        super().__init__((f"{path}: " if path else "") + reason + (f" ({hint})" if hint else ""))
        self.reason, self.hint, self.path = reason, hint, path


class AgreementSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[agreement]`: how many resamples with which seed, and the least agreement of each layer.

    A threshold is about the layer's first measure over everything: exact F1 or B-cubed, or alpha.
    """

    resamples: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 1000
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0
    thresholds: dict[str, Share] = {}


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All tables of the file."""

    agreement: AgreementSettings = AgreementSettings()


def load(path: Path) -> Settings:
    """The settings; the defaults where there is no file. Raises SettingsError for one that cannot be used."""
    try:
        return msgspec.convert(tomllib.loads(path.read_bytes().decode("utf-8")), Settings)
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot be read: {error}", path=path) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"is not TOML: {error}", path=path) from error
    except msgspec.ValidationError as error:
        known = f"known: {', '.join(_known())}"
        raise SettingsError(str(error), known, path) from error


def _known() -> list[str]:
    return [
        f"{table}.{name}"
        for table, struct in (("agreement", AgreementSettings),)
        for name in struct.__struct_fields__
    ]
