"""The project's configuration: `dateline.toml`, all of it optional."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from dateline.findings import Finding
from dateline.rules import RULES, may_be_lowered

FILE = "dateline.toml"
Share = Annotated[float, msgspec.Meta(ge=-1, le=1)]
Part = Annotated[float, msgspec.Meta(ge=0, le=1)]
Severity = Literal["off", "info", "warning", "error"]
_THRESHOLDS = "thresholds"


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


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[rules.thresholds]`: from where on some rules speak."""

    text_characters: Annotated[int, msgspec.Meta(ge=1)] = 1_000_000  # E213: the longest text of an article
    marks: Annotated[int, msgspec.Meta(ge=1)] = 20_000  # E213: regions, answers and links of an annotation
    copied_characters: Annotated[int, msgspec.Meta(ge=1)] = 50_000_000  # E213: spans, and a text for each row
    trigger_words: Annotated[int, msgspec.Meta(ge=1)] = 5  # W410: the longest trigger
    words_beside: Annotated[int, msgspec.Meta(ge=0)] = 3  # W507, W508: words between a cue and its trigger
    months_away: Annotated[int, msgspec.Meta(ge=1)] = 12  # W707: a guessed year's distance from publication
    few_examples: Annotated[int, msgspec.Meta(ge=0)] = 5  # W904: fewer are too few
    corpus_articles: Annotated[int, msgspec.Meta(ge=0)] = 20  # W903, W904: smaller datasets are small anyhow
    other_label_share: Annotated[float, msgspec.Meta(gt=0, le=0.5)] = 0.2  # W908: a rarer label is odd


class RuleSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[rules]`: a severity for a code, in place of that of its letter, and thresholds."""

    severity: dict[str, Severity] = {}
    thresholds: Thresholds = Thresholds()

    def grade(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings with the severities that were chosen, less those that are turned off."""
        if not self.severity:
            return list(findings)
        return [
            msgspec.structs.replace(f, chosen=chosen) if (chosen := self.severity.get(f.code)) else f
            for f in findings
            if self.severity.get(f.code) != "off"
        ]


class SplitSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[splits]`: the scheme and what it needs, and from where on two texts are nearly equal.

    `shares` are those of train, validation and test under `hash`; the days belong to `time`, the `file` to
    `given`. `similarity` is the Jaccard index of runs of three words; texts of fewer than `min_words` words
    are only ever equal.
    """

    strategy: Literal["hash", "time", "given"] = "hash"
    shares: tuple[Part, Part, Part] = (0.8, 0.1, 0.1)
    test_from: date | None = None
    validation_from: date | None = None
    file: str | None = None
    similarity: Annotated[float, msgspec.Meta(ge=0.5, le=1)] = 0.5
    min_words: Annotated[int, msgspec.Meta(ge=1)] = 40


class DatasetSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[dataset]`: what no annotation says of a dataset, for its card and its metadata.

    `license` is that of the annotations (SPDX); `citation` is BibTeX, and is made of the others where it is
    not given. `motivation` and `collection` answer a reviewer: why it was made, how the articles were chosen.
    """

    creators: tuple[str, ...] = ()
    license: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9.+-]+$")] = "CC-BY-4.0"
    url: Annotated[str, msgspec.Meta(pattern=r"^https?://\S+$")] | None = None
    version: Annotated[str, msgspec.Meta(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")] | None = None
    published: date | None = None
    citation: str | None = None
    motivation: str | None = None
    collection: str | None = None


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All tables of the file."""

    agreement: AgreementSettings = AgreementSettings()
    dataset: DatasetSettings = DatasetSettings()
    rules: RuleSettings = RuleSettings()
    splits: SplitSettings = SplitSettings()


def load(path: Path) -> Settings:
    """The settings; the defaults where there is no file. Raises SettingsError for one that cannot be used."""
    try:
        given = tomllib.loads(path.read_bytes().decode("utf-8"))
        return msgspec.convert(_with_rules(given, path), Settings)
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot be read: {error}", path=path) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"is not TOML: {error}", path=path) from error
    except msgspec.ValidationError as error:
        known = f"known: {', '.join(_known())}"
        raise SettingsError(str(error), known, path) from error


def _with_rules(given: dict[str, Any], path: Path) -> dict[str, Any]:
    """The tables with codes and thresholds of `[rules]` apart. Raises SettingsError for what no code can be."""
    table = given.get("rules")
    if not isinstance(table, dict):
        return given
    severity = {code: value for code, value in table.items() if code != _THRESHOLDS}
    for code, value in severity.items():
        _check(code, value, path)
    return {**given, "rules": {"severity": severity, "thresholds": table.get(_THRESHOLDS, {})}}


def _check(code: str, value: object, path: Path) -> None:
    if code not in RULES:
        close = get_close_matches(code.upper(), RULES, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(close)}?" if close else f"codes and {_THRESHOLDS} are known here"
        raise SettingsError(f"rules: there is no code {code!r}", hint, path)
    if value not in ("off", "info", "warning", "error"):
        raise SettingsError(f"rules.{code}: {value!r} is no severity", "off, info, warning or error", path)
    if value != "error" and not may_be_lowered(code):
        reason = f"rules.{code}: this error cannot be turned off or lowered ({RULES[code].title})"
        raise SettingsError(reason, "without it what is exported would not be what was drawn", path)


def _known() -> list[str]:
    return [
        *(f"agreement.{name}" for name in AgreementSettings.__struct_fields__),
        *(f"dataset.{name}" for name in DatasetSettings.__struct_fields__),
        "rules.<code>",
        *(f"rules.{_THRESHOLDS}.{name}" for name in Thresholds.__struct_fields__),
        *(f"splits.{name}" for name in SplitSettings.__struct_fields__),
    ]
