"""Agreement that falls short of what the project's configuration asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dateline.agreement import layers
from dateline.agreement.estimate import WITH, Row
from dateline.findings import Finding
from dateline.schema import Schema
from dateline.settings import SettingsError


def check_names(thresholds: Mapping[str, float], schema: Schema) -> None:
    """Raise SettingsError for a threshold of a layer that does not exist."""
    known = layers.names(schema)
    for name in thresholds:
        if name not in known:
            reason = f"agreement.thresholds: there is no layer {name!r}"
            raise SettingsError(reason, f"layers: {', '.join(known)}")


def shortfalls(rows: Iterable[Row], thresholds: Mapping[str, float]) -> list[Finding]:
    """W906 for each layer whose first measure, over everything, is below its threshold.

    The first measure is exact F1 or B-cubed, or alpha. A layer without a value falls short of nothing.
    """
    found = []
    for row in rows:
        least = thresholds.get(row.layer)
        whole = not row.by and (row.defaults, row.pre_annotated) == (WITH, WITH)
        if least is None or not whole or row.value is None or row.measure != layers.measures(row.layer)[0]:
            continue
        if row.value < least:
            message = f"agreement on {row.layer} is {row.value:.3f} ({row.measure}), below {least:g}"
            hint = "read the disagreements of this layer with the annotators, and sharpen the guideline"
            found.append(Finding(code="W906", message=message, hint=hint, place=row.layer))
    return found
