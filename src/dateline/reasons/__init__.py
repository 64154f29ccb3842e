"""Why each code is there, how to mend what it finds, and an example: bad and mended.

One entry a code of `rules.RULES`; pages and `validate.py --explain` are made of both.
"""

from __future__ import annotations

from dateline.reasons.corpus import REASONS as _CORPUS
from dateline.reasons.label_studio import REASONS as _LABEL_STUDIO
from dateline.reasons.meaning import REASONS as _MEANING
from dateline.reasons.reason import BYTES, FILE, MARKS, WORDS, Reason
from dateline.reasons.records import REASONS as _RECORDS
from dateline.reasons.spans import REASONS as _SPANS

__all__ = ["BYTES", "FILE", "MARKS", "PUBLISHED", "REASONS", "WORDS", "Reason"]

PUBLISHED = "2025-03-07"  # a Friday: the publication date of all examples in marks

REASONS: dict[str, Reason] = {**_RECORDS, **_SPANS, **_MEANING, **_LABEL_STUDIO, **_CORPUS}
