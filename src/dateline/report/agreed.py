"""Agreement of the material's annotators, as a table by layer."""

from __future__ import annotations

from typing import NamedTuple

from dateline import agreement
from dateline.model import Document
from dateline.report.counts import Table
from dateline.report.material import Material
from dateline.settings import AgreementSettings

# What is shown of a layer: everything that was marked, defaults among it, from whatever it was begun.
_SHOWN = ("f1_exact", "f1_overlap", "bcubed_exact", "bcubed_overlap", "alpha")
_HEAD = ("layer", "measure", "value", "low", "high", "items")


class Measured(NamedTuple):
    """Rows by layer and measure, and in a sentence what was compared."""

    table: Table
    said: str


def measured(material: Material, how: AgreementSettings) -> Measured | None:
    """Agreement over the sound annotations; None where no article has two of them."""
    articles = [entry.sound for entry in material.entries if _alike(entry.sound)]
    if not any(len(agreement.compared(documents)) > 1 for documents in articles):
        return None
    found = agreement.measure(articles, material.schema, resamples=how.resamples, seed=how.seed, limit=1)
    rows = [
        (row.layer, row.measure, row.value, row.low, row.high, row.n)
        for row in found.rows
        if not row.by
        and row.measure in _SHOWN
        and row.defaults == row.pre_annotated == "with"
        and row.value is not None
    ]
    said = f"{found.counts['pairs of annotations']:,} pairs of annotations of {found.counts['compared']:,} articles."
    return Measured(Table(_HEAD, rows), said)


def _alike(documents: tuple[Document, ...]) -> bool:
    """Whether all annotations are of one text, which is what can be compared."""
    return len({d.text_sha256 for d in documents}) == 1
