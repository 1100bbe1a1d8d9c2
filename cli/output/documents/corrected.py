"""Word what a bulletin corrects: figures of earlier editions, and the edition it replaces."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from cli.output.documents.correction_causes import Explained
from cli.output.documents.numerals import day_text, points_text
from cli.output.documents.terms import named, terms_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cli.output.documents.terms import Terms
    from projections.bulletin_parts import Bulletin, Restated
    from projections.measure import Measure


class Replacing(NamedTuple):
    """The edition that a bulletin is, and the one that it replaces."""

    number: int
    replaced: int
    published_on: date
    reason: str | None
    """Why; with it the bulletin is a correction, which says so in its title."""
    changes: tuple[Restated, ...] = ()
    """The figures that differ from those of the replaced edition."""
    explained: Explained = Explained({}, {})
    """Of a correction: why, unit by unit."""


def replaces(one: Replacing, bulletin: Bulletin, measure: Measure) -> str:
    """Return which edition a bulletin replaces, and why."""
    period = named(bulletin.year, bulletin.period, measure)
    why = f"更正原因：{one.reason.rstrip('。')}。" if one.reason else ""
    return (
        f"本通报为{period}通报第{one.number}版，替代{day_text(one.published_on)}发布的"
        f"第{one.replaced}版，此前数据与本版不一致的，以本版为准。{why}"
    )


def is_own(restated: Restated, bulletin: Bulletin) -> bool:
    """Return whether a figure is of an edition of the bulletin's own period or year."""
    return (restated.year, restated.period) == (bulletin.year, bulletin.period)


def corrections(replacing: Replacing, measure: Measure) -> Iterator[str]:
    """Yield a line for each unit that the replaced edition had otherwise: old, new and why.

    The reason of the notice is told once, before; a unit's line has the causes of its own.
    """
    causes, ranks = replacing.explained
    if not replacing.changes:
        yield f"各单位{words_of(measure.source.counted_in.zh).score}没有变化。"
    names = {one.name for one in replacing.changes}
    for name, found in groupby(replacing.changes, lambda one: one.name):
        changes = [_change(one, measure) for one in found]
        told = f"{changes[0]}（{'、'.join(changes[1:])}）" if changes[1:] else changes[0]
        if name in ranks and None not in ranks[name]:
            was, now = ranks[name]
            told += f"，名次由第{was}名更正为第{now}名"
        why = f"更正原因：{'；'.join(causes[name])}。" if causes.get(name) else ""
        yield f"{name}：{told}。{why}"
    if set(ranks) - names:
        yield "其他单位的名次相应调整，见附件。"


def _title(restated: Restated, terms: Terms) -> str:
    """Return the name of a figure: of the score, of a section or a flag."""
    if restated.figure == "score":
        return terms.figure
    return restated.figure if restated.title is None else restated.title.zh


def _change(restated: Restated, measure: Measure) -> str:
    """Return what was published of a figure, and what it is now: 季度得分由5分更正为8分."""
    terms = terms_of(measure, of_year=restated.period is None)
    published, present = points_text(restated.published), points_text(restated.present)
    if restated.figure == "left":
        return f"原列{terms.figure}{published}{terms.points}，不再参加该{terms.noun}考核"
    if restated.figure == "joined":
        return f"原通报未列，补列{terms.figure}{present}{terms.points}"
    title = _title(restated, terms)
    if restated.published in {"true", "false"}:
        return f"{'撤销' if restated.published == 'true' else '补列'}“{title}”"
    if not present:
        return f"{title}由{published}{terms.points}更正为不再计算"
    return f"{title}由{published}{terms.points}更正为{present}{terms.points}"


def restated_text(restated: Restated, measure: Measure) -> str:
    """Return how a published figure differs from the present one."""
    terms = terms_of(measure, of_year=restated.period is None)
    period = named(restated.year, restated.period, measure)
    edition = f"第{restated.edition}版" if restated.edition > 1 else ""
    published, present = points_text(restated.published), points_text(restated.present)
    where, unit = f"{period}{edition}通报的{restated.name}", terms.points
    if restated.figure == "left":
        return f"{where}（{published}{unit}），现不再参加该{terms.noun}考核。"
    if restated.figure == "joined":
        return (
            f"{period}{edition}通报未列的{restated.name}，现补列，{terms.figure}{present}{unit}。"
        )
    title = _title(restated, terms)
    if published in {"true", "false"}:
        was, now = ("有", "撤销") if published == "true" else ("无", "应予")
        return f"{where}：原通报{was}“{title}”，现{now}。"
    if not present:
        return f"{where}{title}{published}{unit}，现不再计算。"
    return f"{where}{title}{published}{unit}，现更正为{present}{unit}。"
