"""Say on a slip what is not settled yet, and what that means for now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output.documents.numerals import dated, points_text
from cli.output.documents.terms import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.output.documents.losses import Losses
    from cli.output.documents.reasons import Reasons
    from projections.measure import Measure
    from projections.postings import OpenPoint

_MOST_TITLES = 6
"""Items that are named of those that were not inspected or counted."""

_MOST_NAMED = 2
"""Entries that are named together of which the same is open: of more, the first."""

_OPEN = {
    "undetermined": "如何适用尚待明确，暂未计入",
    "incomplete": "{}，暂按现有材料计分，请补报",
    "unverified": "已登记，尚未核定，暂未计入",
}
SURCHARGE = "应加重计分，加重多少尚未明确，暂按不加重计分"
"""Of an entry whose points are counted, but for a factor that nobody has ruled on."""


def pending(
    losses: Losses,
    measure: Measure,
    reasons: Reasons,
    undecided: Sequence[OpenPoint] = (),
    *,
    together: bool = False,
) -> list[str]:
    """Return what is not settled; items that were not inspected or counted come in one sentence.

    Args:
        losses: what was counted, and what was not.
        measure: the measure.
        reasons: names entries.
        undecided: what may yet cost the unit its awards: it is told elsewhere, see `of_entries`.
        together: entries of which the same is open come in one sentence.
    """
    others = [one for one in losses.open if one not in undecided]
    found, unit = of_entries(others, measure, reasons, together=together), reasons.unit
    of_kind: dict[str, list[str]] = {}
    for one in losses.open:
        of_kind.setdefault(one.kind, []).append(_title(one, measure))
    for title in dict.fromkeys(of_kind.get("objection", ())):
        what = f"对“{title}”" if title else ""
        found.append(f"你单位{what}提出的异议尚未答复。")
    if "not_inspected" in of_kind:
        found.append(f"{_titles(of_kind['not_inspected'])}尚未检查，暂计0{unit}。")
    if losses.waiting:
        why = "没有计分事项，计" if losses.is_over else "尚未到计分时间，暂计"
        found.append(f"{_titles(losses.waiting)}{why}0{unit}。")
    if losses.unfit:
        found.append(f"{_titles(losses.unfit)}不适用于你单位，没有计分。")
    for remark in losses.remarks:
        stated, items = points_text(remark.stated), points_text(remark.of_items)
        most = f"{words_of(unit).full}{stated}{unit}"
        found.append(f"办法写明“{remark.title}”{most}，所列各项合计{items}{unit}。")
    return found


def of_entries(
    points: Sequence[OpenPoint], measure: Measure, reasons: Reasons, *, together: bool
) -> list[str]:
    """Return what is open of entries.

    Args:
        points: those that are open.
        measure: the measure.
        reasons: names entries.
        together: of several entries of which the same is open, the first alone is named.
    """
    names: dict[tuple[str, str], list[str]] = {}
    for one in points:
        means = _OPEN.get(one.kind)
        if one.kind == "undetermined" and (one.clause, one.entry) in reasons.posted:
            means = SURCHARGE
        if one.kind == "incomplete":
            lacks = "、".join(reasons.missing(one))
            means = _OPEN[one.kind].format(f"缺{lacks}" if lacks else "材料不全")
        if means is not None:
            of_case = names.setdefault((_title(one, measure), means), [])
            of_case.append(reasons.entries.name(one.entry))
    found = []
    for (title, means), some in names.items():
        shown = some
        if together and len(some) > 1:
            shown = ["；".join(some) if len(some) <= _MOST_NAMED else f"{some[0]}等{len(some)}项"]
        for name in shown:
            what = name if title and title in name else "：".join(filter(None, [name, title]))
            found.append(dated(f"{what}{means}。"))
    return found


def _title(point: OpenPoint, measure: Measure) -> str:
    return measure.title(point.clause) or ""


def _titles(titles: Sequence[str]) -> str:
    more = f"等{len(titles)}项" if len(titles) > _MOST_TITLES else ""
    shown = titles[:_MOST_TITLES]
    if any(mark in one for one in shown for mark in "、，"):
        shown = [f"“{one}”" for one in shown]
    return "、".join(shown) + more
