"""Cost against size, as a picture: the same results give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from _bench.cases import BY_NAME, FLOOR
from _bench.runs import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PANELS = (("wall_s", "wall time, s"), ("cpu_s", "CPU time, s"), ("peak_mib", "peak memory, MiB"))
# Okabe and Ito's palette: told apart by people of all kinds of colour vision
_COLORS = ("#0072B2", "#009E73", "#D55E00", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31")


def svg(results: Sequence[Result]) -> bytes:
    """Three panels, both axes logarithmic; Dateline's lines are solid, those of others dashed, the floor grey."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "dateline", "font.size": 9, "svg.fonttype": "path"})
    figure, panels = plt.subplots(1, len(_PANELS), figsize=(11, 4.2), layout="constrained")
    for axes, (name, title) in zip(panels, _PANELS, strict=True):
        _panel(axes, results, name)
        axes.set(title=title, xscale="log", yscale="log", xlabel="articles")
        axes.grid(alpha=0.25, which="major")
        axes.spines[["top", "right"]].set_visible(False)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return out.getvalue()


def _panel(axes: Axes, results: Sequence[Result], name: str) -> None:
    colors = iter(_COLORS)
    for case in dict.fromkeys(result.case for result in results):
        points = sorted((r.size, getattr(r, name)) for r in results if r.case == case)
        color = "#666666" if case == FLOOR else next(colors, "#000000")
        style = "--" if BY_NAME[case].peer else "-"
        axes.plot(*zip(*points, strict=True), style, color=color, marker="o", markersize=4, label=case)
