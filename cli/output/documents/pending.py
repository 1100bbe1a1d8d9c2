"""Say on a slip what is not settled yet, and what that means for now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output.documents.numerals import dated, points_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.output.documents.losses import Losses
    from cli.output.documents.reasons import Reasons
    from projections.measure import Measure

_MOST_TITLES = 6
"""Items that are named of those that were not inspected or counted."""

_OPEN = {
    "undetermined": "如何适用尚待明确，暂未计入",
    "incomplete": "材料不全，暂按现有材料计分，请补报",
    "unverified": "已登记，尚未核定，暂未计入",
    "objection": "已提出异议，尚未答复",
}
_SURCHARGE = "应加重计分，加重多少尚未明确，暂按不加重计分"
"""Of an entry whose points are counted, but for a factor that nobody has ruled on."""


def pending(
    losses: Losses, measure: Measure, reasons: Reasons, *, together: bool = False
) -> list[str]:
    """Return what is not settled; items that were not inspected or counted come in one sentence.

    Args:
        losses: what was counted, and what was not.
        measure: the measure.
        reasons: names entries.
        together: entries of which the same is open come in one sentence.
    """
    of_open: dict[tuple[str, str], list[str]] = {}
    uninspected = []
    for one in losses.open:
        clause = None if one.clause is None else measure.clauses.get(one.clause)
        title = "" if clause is None else clause.title.zh
        if one.kind == "not_inspected":
            uninspected.append(title)
            continue
        means = _OPEN[one.kind]
        if one.kind == "undetermined" and (one.clause, one.entry) in reasons.posted:
            means = _SURCHARGE
        of_open.setdefault((title, means), []).append(reasons.entries.name(one.entry))
    found = []
    for (title, means), names in of_open.items():
        shown = [f"{names[0]}等{len(names)}项"] if together and len(names) > 1 else names
        for name in shown:
            what = name if title and title in name else "：".join(filter(None, [name, title]))
            found.append(dated(f"{what}{means}。"))
    if uninspected:
        found.append(f"{_titles(uninspected)}尚未检查，暂计0{reasons.unit}。")
    if losses.waiting:
        found.append(f"{_titles(losses.waiting)}尚未到计分时间，暂计0{reasons.unit}。")
    if losses.unfit:
        found.append(f"{_titles(losses.unfit)}不适用于你单位，没有计分。")
    for remark in losses.remarks:
        stated, items = points_text(remark.stated), points_text(remark.of_items)
        found.append(
            f"办法写明“{remark.title}”满分{stated}{reasons.unit}，"
            f"所列各项合计{items}{reasons.unit}。"
        )
    return found


def _titles(titles: Sequence[str]) -> str:
    more = f"等{len(titles)}项" if len(titles) > _MOST_TITLES else ""
    shown = titles[:_MOST_TITLES]
    if any(mark in one for one in shown for mark in "、，"):
        shown = [f"“{one}”" for one in shown]
    return "、".join(shown) + more
