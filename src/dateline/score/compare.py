"""Two systems on the same articles: is one better, or was it luck?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from dateline.agreement.bootstrap import interval, weights
from dateline.score.count import MEASURES, Score
from dateline.score.gather import Value
from dateline.score.scores import Scores, score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RESAMPLES = 1000


class Difference(NamedTuple):
    """F1 of the one less F1 of the other, its 95 % interval and p-value; None where nothing can be said.

    `documents` is how many articles have anything to score.
    """

    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    documents: int


def bootstrap(
    gold: Iterable[Value],
    a: Iterable[Value],
    b: Iterable[Value],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    **how: Any,
) -> dict[str, Difference]:
    """For each measure how much better `a` is than `b`, by a paired bootstrap; `how` goes to `score`."""
    known = list(gold)
    return compare(score(known, a, **how), score(known, b, **how), resamples=resamples, seed=seed)


def compare(a: Scores, b: Scores, *, resamples: int = RESAMPLES, seed: int = 0) -> dict[str, Difference]:
    """For each measure F1 of `a` less F1 of `b`, on the same resamples of the articles.

    Articles are drawn with replacement, both systems on the same draw. The interval is the 95 % percentile
    interval. The p-value is two-sided: the share of draws whose difference lies as far from the one observed
    as that lies from 0, the draw that was observed among them; equal systems have 1, and it is never 0.
    Sources: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapters 13 and 16; Koehn 2004,
    "Statistical Significance Tests for Machine Translation Evaluation"; Berg-Kirkpatrick, Burkett and Klein
    2012, "An Empirical Investigation of Statistical Significance in NLP". The same seed gives the same
    result. Raises ValueError where the two were not scored against the same articles or in the same way.
    """
    doc_ids = sorted(a.by_document.keys() | b.by_document.keys())
    if (a.mode, a.coreference, _gold(a)) != (b.mode, b.coreference, _gold(b)):
        raise ValueError("the two were not scored against the same gold, or not in the same way")
    drawn = weights(len(doc_ids), resamples, seed)
    return {measure: _compared(a, b, measure, doc_ids, drawn) for measure in MEASURES}


def _gold(scores: Scores) -> Mapping[str, int]:
    return {
        doc_id: table["TI"].gold for doc_id, table in scores.by_document.items() if doc_id not in scores.extra
    }


def _compared(a: Scores, b: Scores, measure: str, doc_ids: list[str], drawn: Floats) -> Difference:
    import numpy as np

    cells = [[_cells(s, measure, doc_id) for doc_id in doc_ids] for s in (a, b)]
    counts = np.array(cells, dtype=float).reshape(2, -1, 2)
    used = int((counts.sum(axis=(0, 2)) > 0).sum())
    hits, both = (np.einsum("sd,dr->sr", counts[:, :, n], drawn) for n in (0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        f1 = 2 * hits / both
    found = f1[0] - f1[1]
    if np.isnan(found[0]):
        return Difference(None, None, None, None, used)
    low, high = interval(found, used)
    return Difference(float(found[0]), low, high, None if low is None else _p(found), used)


def _cells(scores: Scores, measure: str, doc_id: str) -> tuple[int, int]:
    one = scores.by_document.get(doc_id, {}).get(measure, Score())
    return one.right, one.gold + one.predicted


def _p(found: Floats) -> float:
    import numpy as np

    drawn = found[1:][~np.isnan(found[1:])]
    far = np.abs(drawn - found[0]) >= abs(found[0]) - 1e-12
    return float((1 + far.sum()) / (1 + len(drawn)))
