"""Write the scores of a region's towns as a workbook: divisions, units, groups, lost towns."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.output.region.outcome import edition_head, lost_towns, reason, state_of
from cli.output.workbooks.book import Book
from cli.output.workbooks.paper import LONG
from ledger.identifiers import redact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.region.editions import RegionEdition
    from projections.region.rollup import Division, Group, RankedUnit, RollUp
    from projections.region.running import Outcome

_DIVISIONS = ("区划代码", "名称", "可比组", "已答复乡镇", "全部乡镇", "单位数", "平均分")
_MORE = ("最低分", "最高分", "有标记单位", "不得评先单位", "待核事项")
_UNITS = (
    "名次",
    "可比组",
    "排名范围",
    "行政区划代码",
    "乡镇",
    "单位",
    "名称",
    "得分",
    "乡镇内名次",
)
_GROUPS = (
    "可比组",
    "年度",
    "统计截至",
    "考核办法",
    "SHA-256",
    "解释取值",
    "乡镇数",
    "与第1组的差别",
)
_LOST = ("行政区划代码", "乡镇", "原因")


def region_workbook(outcome: Outcome, found: RollUp, edition: RegionEdition | None = None) -> bytes:
    """Return the workbook.

    Args:
        outcome: what came of the question.
        found: the same, rolled up.
        edition: the one that is shown once more.
    """
    answered, asked = len(outcome.values), outcome.asked
    counted = f"{outcome.region.name}：{asked}个乡镇中{answered}个已答复"
    above = "；".join([*_edition(edition), counted, *map(chinese, state_of(outcome))])
    book = Book(f"{outcome.region.name}考核得分汇总")
    divisions = (_division_row(one) for one in found.divisions())
    book.table("汇总", (*_DIVISIONS, *_MORE), divisions, above=above)
    book.table(
        "单位", (*_UNITS, word("flags")), (_unit_row(one) for one in found.units()), above=above
    )
    groups = (_group_row(one) for one in found.groups)
    book.table("可比组", _GROUPS, groups, above=above, wide={5: LONG, 7: LONG})
    if outcome.lost:
        book.table("未答复", _LOST, _lost_rows(outcome), above=above, wide={2: LONG})
    return book.bytes()


def _edition(edition: RegionEdition | None) -> Iterator[str]:
    """Yield which edition is shown, and which towns it is without."""
    if edition is not None:
        yield chinese(edition_head(edition))
        if edition.without:
            yield f"该版不含：{'、'.join(f'{one.town} {one.name}' for one in edition.without)}"


def _division_row(one: Division) -> list[Any]:
    _, name, *figures = one
    return [one.prefix or "全部", name, *figures]


def _unit_row(one: RankedUnit) -> list[Any]:
    unit = one.standing
    place = [one.rank, one.group, word(unit.within), one.town.code, one.town.name]
    score = [unit.unit, unit.name, Decimal(unit.total), unit.rank]
    return [*place, *score, "、".join(unit.flags)]


def _group_row(one: Group) -> list[Any]:
    readings = "；".join(f"{name} = {value}" for name, value in one.readings.items())
    measure = [one.measure, one.measure_sha256, readings]
    return [one.number, one.year, one.through, *measure, len(one.towns), chinese(one.differs)]


def _lost_rows(outcome: Outcome) -> Iterator[list[Any]]:
    for town, fault in lost_towns(outcome):
        yield [town.code, town.name, redact(chinese(reason(fault)))]
