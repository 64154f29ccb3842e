"""The formulas, each on sums over articles, for many resamples at once.

Every array has the resamples on its last axis; the first of them is the corpus itself. A measure without
data is nan here and null in what is reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def ratio(part: Floats, whole: Floats) -> Floats:
    """Part by whole, nan where there is no whole."""
    import numpy as np

    found = np.full(np.shape(part), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found


def f1(sums: Floats) -> Floats:
    """F1 of each pair of annotators from hits and items of either side. Shapes: (pairs, 4, R) -> (pairs, R).

    The harmonic mean of the shares that either side finds again on the other, 0 where one side has none. Its
    chance-corrected form tends to it where true negatives are countless, as with spans: Hripcsak and
    Rothschild 2005, "Agreement, the F-Measure, and Reliability in Information Retrieval". On scores of
    items in clusters it is the F of B-cubed (Bagga and Baldwin 1998).
    """
    import numpy as np

    hit_a, n_a, hit_b, n_b = (sums[:, n] for n in range(4))
    precision, recall = (np.nan_to_num(ratio(hit, n)) for hit, n in ((hit_a, n_a), (hit_b, n_b)))
    found = np.nan_to_num(ratio(2 * precision * recall, precision + recall))
    return np.where(n_a + n_b > 0, found, np.nan)


def pooled_f1(sums: Floats) -> Floats:
    """The mean over the pairs, weighted by their items. Shapes: (pairs, 4, R) -> (R,).

    For counts this is the F1 of all pairs together.
    """
    import numpy as np

    items = sums[:, 1] + sums[:, 3]
    return ratio((np.nan_to_num(f1(sums)) * items).sum(axis=0), items.sum(axis=0))


def raw(sums: Floats) -> Floats:
    """Share of units with equal answers. Shapes: (..., 2 + values, R) -> (..., R); see `alpha`."""
    return ratio(sums[..., 1, :], sums[..., 0, :])


def alpha(sums: Floats) -> Floats:
    """Krippendorff's alpha for two answers a unit, nominal. Shapes: (..., 2 + values, R) -> (..., R).

    `sums` holds units, units with equal answers, and how often each value was given. 1 is agreement, 0 what
    chance gives, below 0 worse. Undefined where all answers are one value: nothing varies, so that nothing
    can be told from chance. Source: Krippendorff 2004, "Content Analysis", chapter 11, in the form
    1 - (n - 1) * disagreeing pairs / (n² - sum of n_c²).
    """
    units, equal, given = sums[..., 0, :], sums[..., 1, :], sums[..., 2:, :]
    n = 2 * units
    return 1 - ratio((n - 1) * 2 * (units - equal), n**2 - (given**2).sum(axis=-2))
