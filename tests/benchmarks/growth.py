"""Goal 5: time and memory by size, the exponent of a cold replay, and a plot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.benchmarks.ledgers import made
from tests.benchmarks.measuring import Measured, best, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

YEARS = 10


def growth(folder: Path, sizes: Sequence[int], plot: Path | None) -> None:
    """Measure ledgers of some sizes; print a table and the exponent; draw the plot."""
    told: dict[str, list[Measured]] = {"import": [], "cold": [], "warm": [], "explain": []}
    print(f"{'entries':>10} {'import':>14} {'cold score':>14} {'warm score':>14} {'explain':>14}")
    for size in sizes:
        ledger = made(folder, size, YEARS)
        told["import"].append(ledger.importing)
        told["cold"].append(best(ledger.score("--no-cache"), runs=3))
        run(ledger.score())
        told["warm"].append(best(ledger.score(), runs=3))
        told["explain"].append(best(ledger.explain(), runs=3))
        cells = (f"{one[-1].seconds:7.2f}s {one[-1].megabytes:3d}MB" for one in told.values())
        print(f"{size:>10,} {' '.join(f'{cell:>14}' for cell in cells)}")
    cold = [one.seconds for one in told["cold"]]
    print(f"exponent of the cold replay: {exponent(sizes, cold):.2f} (goal: at most 1.05)")
    steps = [f"{exponent(sizes[n : n + 2], cold[n : n + 2]):.2f}" for n in range(len(sizes) - 1)]
    print(f"  from size to size: {', '.join(steps)}")
    if plot is not None:
        draw(plot, sizes, told)


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Return the slope of the least-squares line through the logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(took) for took in seconds]
    middle, height = sum(xs) / len(xs), sum(ys) / len(ys)
    across = sum((x - middle) ** 2 for x in xs)
    return sum((x - middle) * (y - height) for x, y in zip(xs, ys, strict=True)) / across


def draw(path: Path, sizes: Sequence[int], told: dict[str, list[Measured]]) -> None:
    """Write a PNG of time and memory by size, both on logarithmic axes."""
    try:
        import matplotlib as mpl  # noqa: PLC0415 - of the extra `benchmarks` alone

        mpl.use("Agg")
        from matplotlib import pyplot as plt  # noqa: PLC0415
    except ImportError:
        print("no plot: matplotlib is not installed (pip install -e '.[benchmarks]')")
        return
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2))
    for name, measured in told.items():
        left.plot(sizes, [one.seconds for one in measured], marker="o", label=name)
        right.plot(sizes, [one.megabytes for one in measured], marker="o", label=name)
    for axes, title in ((left, "seconds"), (right, "MB a process, at most")):
        axes.set(xscale="log", yscale="log", xlabel="entries over ten years", title=title)
        axes.grid(visible=True, which="both", alpha=0.3)
        axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    print(f"plot: {path}")
