"""The columns of the table of scores, as cells of a Word table and of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.language.chinese import chinese
from cli.output.documents.filling import Table
from cli.output.documents.numerals import dated, points_text, signed_points
from cli.output.documents.terms import terms_of
from cli.output.remarks import remarks
from projections.bulletin import columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from projections.bulletin_parts import Bulletin, Row
    from projections.measure import Measure

Cell = str | int | None
"""The value of a column for a unit; points are a `Decimal`."""

_WITHIN = {"group": "分组", "type": "类型"}
"""Header of the column of the groups that units are ranked within."""


class Column(NamedTuple):
    """A column: its header, which also names its field; what it shows; its width in characters."""

    header: str
    value: Callable[[Row], Decimal | Cell]
    width: float
    signed: bool = False
    """Whether a plus sign is shown: of a change."""

    def text(self, row: Row) -> str:
        """Return the cell as text: — for what a unit does not have."""
        value = self.value(row)
        if value is None:
            return "—"
        if isinstance(value, str | int):
            return str(value)
        return signed_points(value) if self.signed else points_text(value)


SO_FAR = "年度累计"
"""Header of the points of the year so far."""

_FIGURE = 6.5
"""Characters of a column of points: −10.25."""


def columns(
    measure: Measure,
    year: int,
    *,
    of_year: bool,
    ranked: bool,
    with_year: bool = False,
    year_ranked: bool = False,
    compared: bool = True,
) -> list[Column]:
    """Return the columns of the table of scores.

    Args:
        measure: the measure in force.
        year: the assessment year.
        of_year: whether the table is of a year and not of a period.
        ranked: whether the units have ranks in it.
        with_year: whether the year's figures follow those of its last period.
        year_ranked: whether the ranks of the year do.
        compared: whether the score of the period before is shown, and the change.
    """
    terms = terms_of(measure, of_year=of_year)
    scored, beside = columns_of(measure, year, None if of_year else 1)

    def figure(key: str, title: str) -> Column:
        return Column(title, lambda row: row.figures.get(key), max(_FIGURE, min(len(title), 8)))

    found = [Column("名次", lambda row: row.rank, 4)] if ranked else []
    found.append(Column("单位", lambda row: row.name, 10))
    within = _WITHIN.get(measure.rank.within) if ranked else None
    if within is not None:
        titles = titles_of(measure)
        found.append(Column(within, lambda row: titles.get(row.within, row.within or ""), 8))
    found += [figure(one.key, one.title.zh) for one in scored]
    found.append(Column(terms.figure, lambda row: row.score, _FIGURE))
    if not of_year:
        if compared:
            found.append(Column(f"{terms.former}{terms.score}", lambda row: row.before, _FIGURE))
            found.append(Column("增减", _change, _FIGURE, signed=True))
        found += [figure(one.key, one.title.zh) for one in beside]
        if with_year:
            found += _of_year(measure, ranked=year_ranked)
        else:
            found.append(Column(SO_FAR, lambda row: row.total, _FIGURE + 1))
    elif measure.bands:
        bands = {band.name: band.title.zh for band in measure.bands}
        found.append(Column("等次", lambda row: bands.get(row.band or "", ""), 6))
    remarked = Column("备注", lambda row: "；".join(_remarks(row, year, measure)), 10)
    return [*found, remarked]


def _change(row: Row) -> Decimal | None:
    return None if row.before is None else row.score - row.before


def _of_year(measure: Measure, *, ranked: bool) -> Iterator[Column]:
    """Yield the sections of the year, those that periods have beside them as 全年奖分; total, rank.

    A period that is not the last of a year that is over has none of them.
    """
    for section in measure.of_the_year:
        title = f"全年{section.title.zh}" if section.of == "beside" else section.title.zh
        slug = section.slug
        yield Column(title, _year_figure(slug), _FIGURE)
    total = terms_of(measure, of_year=True).figure
    yield Column(total, lambda row: None if row.year_figures is None else row.total, _FIGURE + 1)
    if ranked:
        yield Column("年度名次", lambda row: row.year_rank, 4)


def _year_figure(slug: str) -> Callable[[Row], Decimal | None]:
    return lambda row: (row.year_figures or {}).get(slug)


def titles_of(measure: Measure) -> dict[str | None, str]:
    """Return the titles of groups and types of units; empty where units are not ranked by them."""
    coded = (*measure.units.group, *measure.units.type)
    return {None: "", **{one.value: one.title.zh for one in coded}}


def _remarks(row: Row, year: int, measure: Measure) -> Iterator[str]:
    """Yield flags, and why the figures of a unit are not made as those of others."""
    yield from (measure.flags[flag].title.zh for flag in row.flags)
    carried = [measure.calendar.period(year, number) for number in row.carried]
    yield from (dated(chinese(one)) for one in remarks(carried, row.first, row.last))


def columns_for(
    bulletin: Bulletin, measure: Measure, *, compared: bool | None = None
) -> list[Column]:
    """Return the columns of the table of a bulletin.

    Args:
        bulletin: of a period or a year.
        measure: the measure in force.
        compared: whether the score of the period before is shown; None where some unit has one.
    """
    has_before = any(row.before is not None for row in bulletin.rows)
    return columns(
        measure,
        bulletin.year,
        of_year=bulletin.period is None,
        ranked=any(row.rank is not None for row in bulletin.rows),
        with_year=bulletin.has_year,
        year_ranked=any(row.year_rank is not None for row in bulletin.rows),
        compared=has_before if compared is None else compared,
    )


def _all_columns(measure: Measure, year: int, *, of_year: bool) -> dict[str, Column]:
    """Return by header what some bulletin of a measure's periods, or of its years, shows."""
    found = [
        one
        for with_year in (False, True)
        for one in columns(
            measure, year, of_year=of_year, ranked=True, with_year=with_year, year_ranked=True
        )
    ]
    return {one.header: one for one in found}


def table_of(bulletin: Bulletin, measure: Measure) -> Table:
    """Return the table of a bulletin as the field of a template.

    The template of one quarter serves for all: a column that this bulletin does not show is — or,
    for the sum of the year so far, that of the year.
    """
    shown = columns_for(bulletin, measure)
    headers = [one.header for one in shown]
    known = _all_columns(measure, bulletin.year, of_year=bulletin.period is None)
    rows = [{one.header: one.text(row) for one in known.values()} for row in bulletin.rows]
    return Table(headers, rows, [one for one in known if one not in headers])


def fields_of_year(bulletin: Bulletin, measure: Measure) -> list[str]:
    """Return the fields of a bulletin's table for the year's figures, if it has them."""
    if not bulletin.has_year:
        return []
    ranked = any(row.year_rank is not None for row in bulletin.rows)
    return [f"得分表.{one.header}" for one in _of_year(measure, ranked=ranked)]
