"""Word the bulletin in the office's Chinese, for the Word template to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import word
from cli.output.bulletin.figures import changes, ranking, row_texts, shares, summary, verb_of
from cli.output.bulletin.numerals import day_text, numeral, points_text
from cli.output.bulletin.terms import named, terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.output.bulletin.terms import Terms
    from projections.bulletin_parts import Bulletin, ClausePoints, OpenCount, Raised, Restated
    from projections.measure import Measure
    from projections.measure.head import Section


def context(
    bulletin: Bulletin,
    measure: Measure,
    root: str | None,
    *,
    notes_of_law: bool = False,
    set_aside: Sequence[int] = (),
) -> dict[str, Any]:
    """Return the values of all tags of a template, as text and lists of text.

    Args:
        bulletin: the figures of a period or a year.
        measure: the measure in force.
        root: the Merkle root of the ledger up to the bulletin's position.
        notes_of_law: whether the measure's notes of law are shown.
        set_aside: damaged positions of the ledger that are not counted.
    """
    terms = terms_of(measure, of_year=bulletin.period is None)
    period, source = named(bulletin.year, bulletin.period, measure), measure.source
    own = measure.of_a_period if bulletin.period else (*measure.of_a_period, *measure.of_the_year)
    counted = bulletin.of_sections(tuple(one.slug for one in own if one.of != "beside"))
    return {
        "period": period,
        "year": bulletin.year,
        "subject": terms.subject,
        "title": f"关于{period}{terms.subject}考核情况的通报",
        "measure": source.name,
        "measure_number": source.number,
        "issuer": source.issuer,
        "addressees": f"各{'、'.join(one.title.zh for one in measure.units.type)}",
        "points": terms.points,
        "starts": day_text(bulletin.starts),
        "ends": day_text(bulletin.ends),
        "through": day_text(bulletin.through),
        "summary": summary(bulletin, measure, terms),
        "ranking": ranking(bulletin, measure, terms),
        "changes": changes(bulletin, terms),
        "deductions": [_clause(at, one, terms) for at, one in enumerate(counted, 1)],
        "beside": [
            _beside(at, one, bulletin, terms) for at, one in enumerate(measure.beside_a_period, 1)
        ],
        "flags": [_flag(flag, measure) for flag in bulletin.flags],
        "open": [_open(count) for count in bulletin.open],
        "restated": [_restated(restated, measure, terms) for restated in bulletin.restated],
        "notes_of_law": [
            f"{note.subject.zh}：{note.note.zh}" for note in measure.law if notes_of_law
        ],
        "rows": row_texts(bulletin, measure),
        "position": bulletin.position,
        "root": root or "",
        "set_aside": _set_aside(set_aside),
    }


def _set_aside(positions: Sequence[int]) -> str:
    """Return the note on damaged positions: of a row that cannot be read, no unit is known."""
    if not positions:
        return ""
    numbers = "、".join(map(str, positions))
    return f"台账第{numbers}号记录已损坏，经核定不予计入。"


def _clause(at: int, clause: ClausePoints, terms: Terms) -> dict[str, str]:
    title, total = clause.title, points_text(abs(clause.points))
    counted = f"涉及{len(clause.shares)}个单位：{shares(clause, terms)}。"
    if clause.manner == "carried":
        # Some units may have more than at the opening, others less: no sum is told.
        title, counted = f"{title}结转", f"按原通报结转，{counted}"
    else:
        bound = {"floor": ("保底", "按最低限额"), "cap": ("封顶", "按最高限额")}
        suffix, cause = bound.get(clause.manner, ("", f"共{clause.times}次，"))
        title += suffix
        verb = verb_of(clause, clause.points)
        counted = f"{cause}{verb}{total}{terms.points}，{counted}"
    return {
        "number": f"（{numeral(at)}）",
        "title": title,
        "citation": clause.citation,
        "counted": counted,
        "text": f"{title}（{clause.citation}）{counted}",
    }


def _beside(at: int, section: Section, bulletin: Bulletin, terms: Terms) -> dict[str, Any]:
    clauses = bulletin.of_sections((section.slug,))
    return {
        "number": f"（{numeral(at)}）",
        "title": section.title.zh,
        "texts": [_clause(at, clause, terms)["text"] for clause in clauses],
    }


def _flag(flag: Raised, measure: Measure) -> str:
    since = "" if flag.period is None else f"，{flag.period.title.zh}起"
    return f"{flag.name}：{measure.flags[flag.flag].title.zh}（{flag.citation}{since}）。"


def _open(count: OpenCount) -> str:
    names = "、".join(count.names)
    return f"{word(count.kind)}{count.times}项，涉及{len(count.names)}个单位：{names}。"


def _restated(restated: Restated, measure: Measure, terms: Terms) -> str:
    period = named(restated.year, restated.period, measure)
    edition = f"第{restated.edition}版" if restated.edition > 1 else ""
    published, present = points_text(restated.published), points_text(restated.present)
    where, unit = f"{period}{edition}通报的{restated.name}", terms.points
    score = f"{terms.noun}得分"
    if restated.figure == "left":
        return f"{where}（{published}{unit}），现不再参加该{terms.noun}考核。"
    if restated.figure == "joined":
        return f"{period}{edition}通报未列的{restated.name}，现补列，{score}{present}{unit}。"
    title = restated.figure if restated.title is None else restated.title.zh
    if published in {"true", "false"}:
        was, now = ("有", "撤销") if published == "true" else ("无", "应予")
        return f"{where}：原通报{was}“{title}”，现{now}。"
    figure = score if restated.figure == "score" else title
    if not present:
        return f"{where}{figure}{published}{unit}，现不再计算。"
    return f"{where}{figure}{published}{unit}，现更正为{present}{unit}。"
