"""Confidence intervals by drawing articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEVEL = 0.95


def weights(articles: int, resamples: int, seed: int) -> NDArray[np.float64]:
    """How often each article is drawn. Shape (articles, 1 + resamples); the first column is all ones.

    Articles and not events are drawn, with replacement, because what stands in one article hangs together:
    the cluster bootstrap (Efron and Tibshirani 1993, chapter 8; Davison and Hinkley 1997, section 3.8).
    The same seed gives the same weights.
    """
    import numpy as np

    drawn = np.ones((articles, 1 + resamples))
    random = np.random.default_rng(seed)
    for n in range(1, resamples + 1 if articles else 0):
        drawn[:, n] = np.bincount(random.integers(0, articles, articles), minlength=articles)
    return drawn


def interval(values: NDArray[np.float64], articles: int) -> tuple[float | None, float | None]:
    """The 95 % percentile interval of resampled values (without the first, which is the estimate).

    None where fewer than two articles give the measure data, or it is undefined in half of the resamples:
    then there is nothing to draw from.
    """
    import numpy as np

    drawn = values[1:]
    known = drawn[~np.isnan(drawn)]
    if articles < 2 or 2 * len(known) <= len(drawn):
        return None, None
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
