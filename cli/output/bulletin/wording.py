"""The bulletin in the office's Chinese: what the Word template is filled with."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from cli.language.chinese import word
from cli.output.bulletin.numerals import chinese, day, signed, told
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.bulletin_parts import Bulletin, ClausePoints, Restated, Row, Waiting
    from projections.rulebook import Rulebook

_MOST_NAMES = 10
"""Of one rank in the text; the annex has all."""


def context(found: Bulletin, rulebook: Rulebook, root: str | None) -> dict[str, Any]:
    """All that a template may name, as text and lists of text.

    Args:
        found: the bulletin.
        rulebook: for the measure's name and number.
        root: the Merkle root of the ledger up to the bulletin's position.
    """
    quarter = f"{found.year}年第{chinese(found.number)}季度"
    deductions = found.of_section("basic_work", "abnormal_petitions")
    return {
        "quarter": quarter,
        "year": found.year,
        "title": f"关于{quarter}信访工作考核情况的通报",
        "measure": rulebook.source.name,
        "measure_number": rulebook.source.number,
        "starts": day(found.starts),
        "ends": day(found.ends),
        "through": day(found.through),
        "summary": _summary(found),
        "ranking": _ranking(found),
        "changes": _changes(found),
        "deductions": [_clause(number, one) for number, one in enumerate(deductions, 1)],
        "rewards": [_clause(1, one)["text"] for one in found.of_section("rewards")],
        "penalties": [_clause(1, one)["text"] for one in found.of_section("penalties")],
        "flags": [
            f"{one.name}：{word(one.flag)}（{one.citation}，第{chinese(one.quarter)}季度起）。"
            for one in found.flags
        ],
        "open": [_waiting(one) for one in found.open],
        "restated": [_restated(one) for one in found.restated],
        "rows": [_row(row) for row in found.rows],
        "position": found.position,
        "root": root or "",
    }


def _joined(names: Iterable[str]) -> str:
    return "、".join(names)


def _mean(points: list[Decimal]) -> str:
    """Rounded to hundredths, halves up."""
    mean = sum(points, ZERO) / len(points)
    return told(mean.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _summary(found: Bulletin) -> str:
    if not found.rows:
        return "本季度没有参加考核的单位。"
    mean = _mean([row.quarter.score for row in found.rows])
    best, last = found.rows[0], found.rows[-1]
    whole = sum(row.rank == best.rank for row in found.rows)
    words = (
        f"本季度参加考核单位{len(found.rows)}个，季度满分20分，平均得分{mean}分；"
        f"最高{told(best.quarter.score)}分（{whole}个单位），最低{told(last.quarter.score)}分。"
    )
    earlier = [row.before for row in found.rows if row.before is not None]
    if earlier:
        words += f"上季度平均得分{_mean(earlier)}分。"
    return words


def _ranking(found: Bulletin) -> str:
    if not found.rows:
        return "无。"
    groups: dict[int, list[Row]] = {}
    for row in found.rows:
        groups.setdefault(row.rank, []).append(row)
    first = [_place(rank, groups[rank]) for rank in list(groups)[:3]]
    words = "；".join(first) + "。"
    if len(groups) > len(first):
        last = list(groups)[-1]
        words += f"得分最低的是{_place(last, groups[last])}。"
    return words + "各单位得分和名次见附件。"


def _place(rank: int, rows: list[Row]) -> str:
    shared = "并列" if len(rows) > 1 else ""
    names = _joined(row.name for row in rows[:_MOST_NAMES])
    more = f"等{len(rows)}个单位" if len(rows) > _MOST_NAMES else ""
    return f"{shared}第{rank}名：{names}{more}（{told(rows[0].quarter.score)}分）"


def _changes(found: Bulletin) -> list[str]:
    """Who rose and who fell since the last quarter, the most first."""
    moved = [(row, row.quarter.score - row.before) for row in found.rows if row.before is not None]
    if not moved:
        return ["本季度为考核年度首季度，不作比较。"]
    up = sorted((one for one in moved if one[1] > 0), key=lambda one: (-one[1], one[0].unit))
    down = sorted((one for one in moved if one[1] < 0), key=lambda one: (one[1], one[0].unit))
    same = len(moved) - len(up) - len(down)
    words = [f"得分上升的单位{len(up)}个，下降的{len(down)}个，持平的{same}个。"]
    for some, label in ((up, "上升"), (down, "下降")):
        if some:
            units = _joined(f"{row.name}（{told(abs(by))}分）" for row, by in some)
            words.append(f"{label}：{units}。")
    return words


def _clause(number: int, one: ClausePoints) -> dict[str, str]:
    verb, points = ("扣", -one.points) if one.points < 0 else ("加", one.points)
    counted = (
        f"共{one.times}次，{verb}{told(points)}分，涉及{len(one.shares)}个单位：{_shares(one)}。"
    )
    return {
        "number": f"（{chinese(number)}）",
        "title": one.title,
        "citation": one.citation,
        "counted": counted,
        "text": f"{one.title}（{one.citation}）{counted}",
    }


def _shares(one: ClausePoints) -> str:
    """Units of the same points are told together: 甲村、乙村各扣1分."""
    groups: dict[tuple[Decimal, int], list[str]] = {}
    for share in one.shares:
        groups.setdefault((share.points, share.times), []).append(share.name)
    parts = []
    for (points, count), names in groups.items():
        each = "各" if len(names) > 1 else ""
        verb = "扣" if points < 0 else "加"
        often = f"（{count}次）" if count > 1 else ""
        parts.append(f"{_joined(names)}{each}{verb}{told(abs(points))}分{often}")
    return "；".join(parts)


def _waiting(one: Waiting) -> str:
    return f"{word(one.kind)}{one.times}项，涉及{len(one.names)}个单位：{_joined(one.names)}。"


def _restated(one: Restated) -> str:
    quarter = f"{one.quarter[:4]}年第{chinese(int(one.quarter[-1]))}季度"
    edition = f"第{one.edition}版" if one.edition > 1 else ""
    where = f"{quarter}{edition}通报的{one.name}"
    if one.figure == "left":
        return f"{where}（{told(one.published)}分），现不再参加该季度考核。"
    if one.figure == "joined":
        return f"{quarter}{edition}通报未列的{one.name}，现补列，季度得分{told(one.present)}分。"
    if one.published in {"true", "false"}:
        was, now = ("有", "撤销") if one.published == "true" else ("无", "应予")
        return f"{where}：原通报{was}“{word(one.figure)}”，现{now}。"
    figure = "季度得分" if one.figure == "score" else word(one.figure)
    return f"{where}{figure}{told(one.published)}分，现更正为{told(one.present)}分。"


def _row(row: Row) -> dict[str, str]:
    moved = None if row.before is None else row.quarter.score - row.before
    return {
        "rank": str(row.rank),
        "unit": row.unit,
        "name": row.name,
        "basic_work": told(row.quarter.basic_work),
        "abnormal_petitions": told(row.quarter.abnormal_petitions),
        "score": told(row.quarter.score),
        "before": "—" if row.before is None else told(row.before),
        "change": "—" if moved is None else signed(moved),
        "rewards": told(row.quarter.rewards),
        "penalties": told(row.quarter.penalties),
        "total": told(row.total),
        "flags": _joined(map(word, row.flags)),
    }
