"""The guideline: pages made from the schema, and hand-written ones with excerpts from the corpus filled in.

`pages` gives every page of a guideline's folder as it should be. What comes from the schema alone holds for
any dataset; what comes from articles stands in hand-written pages, where a comment asks for it (`excerpts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dateline.guideline import excerpts, types, vocabulary
from dateline.guideline.corpus import Corpus, GuidelineError
from dateline.guideline.markdown import is_generated
from dateline.schema import Schema

__all__ = ["GuidelineError", "pages", "stale"]

EXAMPLES = "examples.md"


def pages(schema: Schema, folder: Path, annotations: Path) -> dict[str, str]:
    """Path in the folder -> text, of the pages that are made and of those that ask for excerpts.

    Raises GuidelineError for an excerpt that is not in the annotations or cannot be shown, and for an example in the
    schema that is not written in inline marks.
    """
    by_hand = _by_hand(folder)
    corpus = Corpus(annotations, schema)
    filled = {name: excerpts.filled(text, name, corpus) for name, text in by_hand.items()}
    worked = {n for n in schema.types if f"\n## {n}\n" in by_hand.get(EXAMPLES, "")}
    made = {
        "event-types.md": types.overview(schema),
        **{
            f"types/{name}.md": types.page(type_, schema, name in worked)
            for name, type_ in schema.types.items()
        },
        "questions.md": vocabulary.questions(schema),
        "labels.md": vocabulary.labels(schema),
        "relations.md": vocabulary.relations(schema),
    }
    return made | {
        name: text for name, text in filled.items() if text != by_hand[name] or excerpts.asks(text)
    }


def stale(wanted: Mapping[str, str], folder: Path) -> tuple[list[str], list[str]]:
    """The pages that differ from what they should be, and the generated ones that nothing asks for any more."""
    differing = [name for name, text in wanted.items() if _read(folder / name) != text]
    left = [name for name, text in _all(folder).items() if is_generated(text) and name not in wanted]
    return sorted(differing), sorted(left)


def _by_hand(folder: Path) -> dict[str, str]:
    return {name: text for name, text in _all(folder).items() if not is_generated(text)}


def _all(folder: Path) -> dict[str, str]:
    found = sorted(folder.rglob("*.md")) if folder.is_dir() else []
    return {path.relative_to(folder).as_posix(): _read(path) or "" for path in found}


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return ""
