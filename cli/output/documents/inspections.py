"""Word what units lost in an inspection, as one sentence of a bulletin."""

from __future__ import annotations

from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

from cli.output.documents.numerals import points_text
from cli.output.documents.sharing import shares
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from cli.output.documents.terms import Terms
    from projections.bulletin_parts import ClausePoints
    from projections.measure import Measure

_MOST_SHARES = 12
"""Points of units that an inspection's sentence names one by one."""

_MOST_UNITS = 5
"""Units that it names where there are more: those that lost most."""


def is_inspection(section: str, measure: Measure) -> bool:
    """Return whether a section is of several items that somebody grades, and of nothing else."""
    kinds = [one.kind for one in measure.clauses.values() if one.section == section]
    return len(kinds) > 1 and set(kinds) == {"graded"}


def inspected_text(clauses: Sequence[ClausePoints], terms: Terms) -> str:
    """Return what units lost in an inspection, as one sentence.

    Each item with its units where these are few; else how many there are, and who lost most.
    """
    lost: dict[str, Decimal] = {}
    for share in chain.from_iterable(one.shares for one in clauses):
        lost[share.name] = lost.get(share.name, ZERO) - share.points
    full, unit = terms.full, terms.points
    points = sum((one.points for one in clauses), ZERO)
    count = f"共{len(clauses)}项未得{full}，{terms.words.moved(points)}"
    ordered = sorted(clauses, key=lambda one: one.points)
    head = f"{count}，涉及{len(lost)}个单位"
    if sum(len(one.shares) for one in clauses) <= _MOST_SHARES:
        items = "；".join(
            f"{one.title}（{one.citation}，{full}{points_text(one.full or ZERO)}{unit}）"
            f"{shares(one, terms, '，')}"
            for one in ordered
        )
        return f"{head}：{items}。"
    items = "、".join(
        f"{one.title}（{one.citation}）{terms.words.moved(one.points)}（{len(one.shares)}个单位）"
        for one in ordered
    )
    units = "、".join(f"{name}（{points_text(points)}{unit}）" for name, points in _most(lost))
    return f"{head}，其中{items}{f'；{terms.words.less}最多的是{units}' if units else ''}。"


def _most(lost: Mapping[str, Decimal]) -> list[tuple[str, Decimal]]:
    """Return the units that lost most, and none while another that lost the same is left out."""
    ordered = sorted(lost.items(), key=itemgetter(1), reverse=True)
    left = ordered[_MOST_UNITS:]
    return [one for one in ordered[:_MOST_UNITS] if not left or one[1] > left[0][1]]
