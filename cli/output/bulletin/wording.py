"""Word the bulletin in the office's Chinese, for the Word template to show."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from cli.language.chinese import word
from cli.output.bulletin.numerals import day_text, numeral, points_text, signed_points
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.rulebook import Rulebook

    from projections.bulletin_parts import Bulletin, ClausePoints, OpenCount, Restated, Row

_MOST_NAMES = 10
"""Units of one rank that the text names; the annex lists all."""


def context(bulletin: Bulletin, rulebook: Rulebook, root: str | None) -> dict[str, Any]:
    """Return the values of all tags of a template, as text and lists of text.

    Args:
        bulletin: the figures of a quarter.
        rulebook: for the measure's name and number.
        root: the Merkle root of the ledger up to the bulletin's position.
    """
    quarter = f"{bulletin.year}年第{numeral(bulletin.number)}季度"
    deductions = bulletin.of_section("basic_work", "abnormal_petitions")
    return {
        "quarter": quarter,
        "year": bulletin.year,
        "title": f"关于{quarter}信访工作考核情况的通报",
        "measure": rulebook.source.name,
        "measure_number": rulebook.source.number,
        "starts": day_text(bulletin.starts),
        "ends": day_text(bulletin.ends),
        "through": day_text(bulletin.through),
        "summary": _summary(bulletin),
        "ranking": _ranking(bulletin),
        "changes": _changes(bulletin),
        "deductions": [_clause(number, clause) for number, clause in enumerate(deductions, 1)],
        "rewards": [_clause(1, clause)["text"] for clause in bulletin.of_section("rewards")],
        "penalties": [_clause(1, clause)["text"] for clause in bulletin.of_section("penalties")],
        "flags": [
            f"{flag.name}：{word(flag.flag)}（{flag.citation}，第{numeral(flag.quarter)}季度起）。"
            for flag in bulletin.flags
        ],
        "open": [_open(count) for count in bulletin.open],
        "restated": [_restated(restated) for restated in bulletin.restated],
        "rows": [_row(row) for row in bulletin.rows],
        "position": bulletin.position,
        "root": root or "",
    }


def _joined(names: Iterable[str]) -> str:
    return "、".join(names)


def _mean(points: list[Decimal]) -> str:
    """Return the mean, rounded half up to hundredths."""
    mean = sum(points, ZERO) / len(points)
    return points_text(mean.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _summary(bulletin: Bulletin) -> str:
    rows = bulletin.rows
    if not rows:
        return "本季度没有参加考核的单位。"
    mean = _mean([row.quarter.score for row in rows])
    best, last = rows[0], rows[-1]
    first = sum(row.rank == best.rank for row in rows)
    text = (
        f"本季度参加考核单位{len(rows)}个，季度满分20分，平均得分{mean}分；"
        f"最高{points_text(best.quarter.score)}分（{first}个单位），"
        f"最低{points_text(last.quarter.score)}分。"
    )
    before = [row.before for row in rows if row.before is not None]
    return f"{text}上季度平均得分{_mean(before)}分。" if before else text


def _ranking(bulletin: Bulletin) -> str:
    if not bulletin.rows:
        return "无。"
    by_rank: dict[int, list[Row]] = {}
    for row in bulletin.rows:
        by_rank.setdefault(row.rank, []).append(row)
    texts = [_rank(rank, rows) for rank, rows in by_rank.items()]
    first = texts[:3]
    text = "；".join(first) + "。"
    if len(texts) > len(first):
        text += f"得分最低的是{texts[-1]}。"
    return text + "各单位得分和名次见附件。"


def _rank(rank: int, rows: list[Row]) -> str:
    shared = "并列" if len(rows) > 1 else ""
    names = _joined(row.name for row in rows[:_MOST_NAMES])
    more = f"等{len(rows)}个单位" if len(rows) > _MOST_NAMES else ""
    return f"{shared}第{rank}名：{names}{more}（{points_text(rows[0].quarter.score)}分）"


def _changes(bulletin: Bulletin) -> list[str]:
    """Return which units rose and fell since the last quarter, most first."""
    moved = [
        (row, row.quarter.score - row.before) for row in bulletin.rows if row.before is not None
    ]
    if not moved:
        return ["本季度为考核年度首季度，不作比较。"]
    moved.sort(key=lambda pair: (-abs(pair[1]), pair[0].unit))
    up = [(row, change) for row, change in moved if change > 0]
    down = [(row, change) for row, change in moved if change < 0]
    same = len(moved) - len(up) - len(down)
    texts = [f"得分上升的单位{len(up)}个，下降的{len(down)}个，持平的{same}个。"]
    for group, label in ((up, "上升"), (down, "下降")):
        if group:
            units = _joined(f"{row.name}（{points_text(abs(change))}分）" for row, change in group)
            texts.append(f"{label}：{units}。")
    return texts


def _clause(number: int, clause: ClausePoints) -> dict[str, str]:
    verb = "扣" if clause.points < 0 else "加"
    counted = (
        f"共{clause.times}次，{verb}{points_text(abs(clause.points))}分，"
        f"涉及{len(clause.shares)}个单位：{_shares(clause)}。"
    )
    return {
        "number": f"（{numeral(number)}）",
        "title": clause.title,
        "citation": clause.citation,
        "counted": counted,
        "text": f"{clause.title}（{clause.citation}）{counted}",
    }


def _shares(clause: ClausePoints) -> str:
    """Return the units of a clause, those with equal points together: 甲村、乙村各扣1分."""
    groups: dict[tuple[Decimal, int], list[str]] = {}
    for share in clause.shares:
        groups.setdefault((share.points, share.times), []).append(share.name)
    parts = []
    for (points, times), names in groups.items():
        each = "各" if len(names) > 1 else ""
        verb = "扣" if points < 0 else "加"
        often = f"（{times}次）" if times > 1 else ""
        parts.append(f"{_joined(names)}{each}{verb}{points_text(abs(points))}分{often}")
    return "；".join(parts)


def _open(count: OpenCount) -> str:
    names = _joined(count.names)
    return f"{word(count.kind)}{count.times}项，涉及{len(count.names)}个单位：{names}。"


def _restated(restated: Restated) -> str:
    quarter = f"{restated.quarter[:4]}年第{numeral(int(restated.quarter[-1]))}季度"
    edition = f"第{restated.edition}版" if restated.edition > 1 else ""
    published, present = points_text(restated.published), points_text(restated.present)
    where = f"{quarter}{edition}通报的{restated.name}"
    if restated.figure == "left":
        return f"{where}（{published}分），现不再参加该季度考核。"
    if restated.figure == "joined":
        return f"{quarter}{edition}通报未列的{restated.name}，现补列，季度得分{present}分。"
    if published in {"true", "false"}:
        was, now = ("有", "撤销") if published == "true" else ("无", "应予")
        return f"{where}：原通报{was}“{word(restated.figure)}”，现{now}。"
    figure = "季度得分" if restated.figure == "score" else word(restated.figure)
    return f"{where}{figure}{published}分，现更正为{present}分。"


def _row(row: Row) -> dict[str, str]:
    change = None if row.before is None else row.quarter.score - row.before
    return {
        "rank": str(row.rank),
        "unit": row.unit,
        "name": row.name,
        "basic_work": points_text(row.quarter.basic_work),
        "abnormal_petitions": points_text(row.quarter.abnormal_petitions),
        "score": points_text(row.quarter.score),
        "before": "—" if row.before is None else points_text(row.before),
        "change": "—" if change is None else signed_points(change),
        "rewards": points_text(row.quarter.rewards),
        "penalties": points_text(row.quarter.penalties),
        "total": points_text(row.total),
        "flags": _joined(map(word, row.flags)),
    }
