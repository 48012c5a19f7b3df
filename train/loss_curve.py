"""The loss of a pre-training run over its steps as a picture. (F1 over training documents: `learning_curve`.)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..data.whole_file import whole_path


def draw_loss(curve: Sequence[Mapping[str, float]], path: str | Path) -> None:
    """Training and held-out loss (nats) over steps, as PNG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4))
    for key, style in (("loss", "-"), ("held_out", "o-")):
        points = [(p["step"], p[key]) for p in curve if key in p]
        if points:
            axes.plot(*zip(*points, strict=True), style, label=key.replace("_", "-"), markersize=3)
    axes.set(xlabel="step", ylabel="masked-word loss (nats)")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    with whole_path(path) as part:
        figure.savefig(part, dpi=120, format="png")
    pyplot.close(figure)
