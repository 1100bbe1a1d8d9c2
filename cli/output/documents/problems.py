"""Word what a bulletin tells by clause: what is beside the score, rewards and problems."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.output.documents.entry_names import cause_of
from cli.output.documents.filling import Block
from cli.output.documents.inspections import inspected_text, is_inspection
from cli.output.documents.missing import missing
from cli.output.documents.numerals import dated, numeral, points_text
from cli.output.documents.pending import SURCHARGE
from cli.output.documents.sharing import by_exception, causes_of, shares, verb_of
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from cli.output.documents.entry_names import EntryNames
    from cli.output.documents.terms import Terms
    from projections.bulletin_parts import Bulletin, ClausePoints, OpenCount, OpenItem, Raised
    from projections.measure import Measure
    from projections.measure.head import Section
    from projections.measure.measure import Heading


_MOST_OPEN = 12
"""Open points of one kind that are named one by one; of more the units are."""


def beside_blocks(
    bulletin: Bulletin, measure: Measure, terms: Terms, names_of: EntryNames
) -> Iterator[Block]:
    """Yield what is told beside the score, as people tell it: who has it, or who alone has not.

    What raised a flag in place of points comes with its clause.
    """
    for number, section in enumerate(measure.beside_a_period, 1):
        yield Block("小标题", f"（{numeral(number)}）{section.title.zh}")
        clauses = bulletin.of_sections((section.slug,))
        names = [row.name for row in bulletin.rows]
        flagged = _flagged_alone(bulletin, measure, section.slug, names_of)
        for clause in clauses:
            most = by_exception(clause, names, terms) if clause.manner == "points" else None
            counted = _counted(clause, names, terms) if most is None else f"：{most}"
            text = f"{_title(clause)}（{clause.citation}）{counted}{_missed(clause)}"
            also = flagged.pop(clause.clause, "")
            yield Block("段落", f"{text}另有{also}" if also else text)
        for slug, also in flagged.items():
            heading = measure.heading(slug)
            yield Block("段落", f"{heading.title.zh}（{heading.citation}）：{also}")
        if not clauses and not flagged:
            yield Block("段落", f"{terms.this}无。")


def _flagged_alone(
    bulletin: Bulletin, measure: Measure, section: str, names_of: EntryNames
) -> dict[str, str]:
    """Return by clause which units got a flag of this period and no points for something."""
    told: dict[str, list[str]] = {}
    for one in bulletin.flags:
        slug, is_own = one.first.clause, bulletin.period in {None, one.period}
        is_alone = all(amount.points is None for amount in one.first.read)
        if is_own and is_alone and measure.section_under(slug) == section:
            title = measure.flags[one.flag].title.zh
            told.setdefault(slug, []).append(f"{one.name}{cause(one, names_of)}，{title}")
    return {slug: f"{'；'.join(texts)}。" for slug, texts in told.items()}


def cause(flag: Raised, names_of: EntryNames) -> str:
    """Return for what a unit got a flag, and how often: 2016年7月1日6人进京集体上访等2次."""
    again = f"等{flag.times}次" if flag.times > 1 else ""
    what = cause_of(flag.first, names_of.public).replace("日，", "日", 1)
    return f"{what}{again}"


def _missed(clause: ClausePoints) -> str:
    """Return in which special periods units had abnormal visits, period by period."""
    of_period: dict[tuple[Any, ...], list[str]] = {}
    for name, working in sorted(clause.missed, key=lambda one: str(one[1].values[1])):
        of_period.setdefault(working.values, []).append(name)
    told = [
        f"{'、'.join(dict.fromkeys(names))}在{chinese(level)}特护期（{first}至{last}）发生非正常上访"
        for (level, first, last), names in of_period.items()
    ]
    return dated(f"{'；'.join(told)}。") if told else ""


def by_clause(
    clauses: Sequence[ClausePoints], names: Sequence[str], terms: Terms
) -> Iterator[Block]:
    """Yield a heading and a paragraph for each clause; `names` are those of all units."""
    yield from _headed([(_head(one), _counted(one, names, terms)) for one in clauses], terms)


def problems(
    clauses: Sequence[ClausePoints], names: Sequence[str], measure: Measure, terms: Terms
) -> Iterator[Block]:
    """Yield a heading and a paragraph for each clause, those that cost most points first.

    All items of an inspection have one.

    Args:
        clauses: those of the score that give no rewards.
        names: of all units.
        measure: the measure in force.
        terms: the words of the bulletin.
    """
    told: list[tuple[Decimal, str, str]] = []
    for section, of_section in groupby(clauses, lambda one: one.section):
        found = [one for one in of_section if one.manner != "lacking" or one.shares]
        inspected = measure.sections.get(section)
        if inspected is not None and is_inspection(section, measure):
            items = [one for one in found if one.manner == "lacking"]
            found = [one for one in found if one.manner != "lacking"]
            title = cited(inspected)
            told += [(_sum(items), title, inspected_text(items, terms))] if items else []
        for _, of_clause in groupby(found, lambda one: one.clause):
            some = list(of_clause)
            told += [(_sum(some), _head(one), _counted(one, names, terms)) for one in some]
    told.sort(key=itemgetter(0))
    yield from _headed([one[1:] for one in told], terms)


def bounded(clauses: Iterable[ClausePoints], names: Sequence[str], terms: Terms) -> Iterator[str]:
    """Yield a sentence on each floor or cap that changed scores: it is no problem of a unit."""
    for one in clauses:
        if one.manner in _BOUNDS:
            yield f"{_head(one)}：{_counted(one, names, terms)}"


def open_matters(
    found: Sequence[OpenCount], measure: Measure, terms: Terms, names_of: EntryNames
) -> Iterator[Block]:
    """Yield a heading for each clause and a paragraph on what is not settled under it.

    What earlier periods left comes after what the period has of its own.
    """
    told = []
    for heading, counts in groupby(found, lambda one: one.heading):
        title = "其他" if heading is None else cited(heading)
        texts = []
        for is_earlier, some in groupby(counts, lambda one: one.is_earlier):
            text = "；".join(_open(one, measure, terms, names_of) for one in some)
            texts.append(f"{'前期遗留：' if is_earlier else ''}{text}。")
        told.append((title, "".join(texts)))
    yield from _headed(told, terms)


_OPEN = {
    "undetermined": "如何适用尚待明确，暂未计入",
    "incomplete": "暂按现有材料计分",
    "not_inspected": "暂计0",
    "unverified": "暂未计入",
    "objection": "尚未答复",
}
"""By kind of open point: what it means for now."""


def _open(count: OpenCount, measure: Measure, terms: Terms, names_of: EntryNames) -> str:
    meaning = SURCHARGE if count.is_counted else _OPEN.get(count.kind, "")
    meaning += terms.points if count.kind == "not_inspected" else ""
    entries: dict[str, list[str]] = {}
    for one in count.items if count.times <= _MOST_OPEN else ():
        entries.setdefault(one.name, []).append(_item(one, count.kind, measure, names_of))
    shown = []
    for name in count.names:
        told = "；".join(filter(None, entries.get(name, ())))
        shown.append(f"{name}（{told}）" if told else name)
    units = f"涉及{len(count.names)}个单位：{'、'.join(shown)}"
    return "，".join(filter(None, [f"{word(count.kind)}{count.times}项", meaning, units]))


def _item(one: OpenItem, kind: str, measure: Measure, names_of: EntryNames) -> str:
    """Return what is open, without its year, and what is missing: 3月5日3人到镇上访，缺处置效果."""
    entry, clause = names_of.get(one.entry), measure.clauses.get(one.clause or "")
    if entry is None:
        return ""
    text = _YEAR.sub("", names_of.public(one.entry)).replace("日，", "日", 1)
    if kind != "incomplete" or clause is None:
        return text
    lacks = missing(clause, entry, names_of.get(one.answer), measure, names_of)
    return f"{text}，缺{'、'.join(lacks)}" if lacks else text


def _sum(clauses: Iterable[ClausePoints]) -> Decimal:
    return sum((one.points for one in clauses), ZERO)


_YEAR = re.compile(r"^\d{4}年")

_NUMBER = re.compile(r"^[一二三四五六七八九十]+、")
"""The number with which the title of a section may begin."""


def cited(section: Section | Heading) -> str:
    """Return the title of a section without its own number, with its citation."""
    return f"{_NUMBER.sub('', section.title.zh)}（{section.citation}）"


def _head(clause: ClausePoints) -> str:
    return f"{_title(clause)}（{clause.citation}）"


def _headed(told: Sequence[tuple[str, str]], terms: Terms) -> Iterator[Block]:
    for number, (title, text) in enumerate(told, 1):
        yield Block("小标题", f"（{numeral(number)}）{title}")
        yield Block("段落", text)
    if not told:
        yield Block("段落", f"{terms.this}无。")


def _lacking(clause: ClausePoints, names: Sequence[str], terms: Terms) -> str:
    """Return which units are below the full points of a clause: 除甲村扣1分外，均得满分."""
    assert clause.full is not None, f"{clause.clause} has full points"
    each_time = "每次" if any(share.times > 1 for share in clause.shares) else ""
    full = f"{each_time}{terms.full}{points_text(clause.full)}{terms.points}"
    head = f"{full}，考核{clause.judged}个单位，"
    others = clause.judged - len(clause.shares)
    sum_of = f"{len(clause.shares)}个单位未得{terms.full}，{terms.words.moved(clause.points)}"
    if not others:
        points = {share.points for share in clause.shares}
        is_each = len(points) == 1 and clause.judged == len(names) > 1
        each = f"，各{terms.words.moved(points.pop())}" if is_each else f"：{shares(clause, terms)}"
        return f"{head}{'均' if clause.judged > 1 else ''}未得{terms.full}{each}。"
    if others <= len(clause.shares):
        rest = f"其余{others}个单位得{terms.full}"
        return f"{head}{sum_of}：{shares(clause, terms)}；{rest}。"
    return f"{head}除{shares(clause, terms, '，')}外，其余{others}个单位均得{terms.full}。"


_BOUNDS = {"floor": ("保底", "按最低限额"), "cap": ("封顶", "按最高限额")}


def _title(clause: ClausePoints) -> str:
    return clause.title + _BOUNDS.get(clause.manner, ("",))[0]


def _sums(clause: ClausePoints, terms: Terms) -> str:
    """Return the points that a clause took from units, and those that it gave to others."""
    taken = sum((share.points for share in clause.shares if share.points < 0), ZERO)
    sums = filter(None, (taken, clause.points - taken))
    return "、".join(
        f"{verb_of(clause, one, terms)}{points_text(abs(one))}{terms.points}" for one in sums
    )


def _counted(clause: ClausePoints, names: Sequence[str], terms: Terms) -> str:
    """Return how often a clause gave or took points, how many, and of which units."""
    if clause.manner == "lacking":
        return _lacking(clause, names, terms)
    counted = f"涉及{len(clause.shares)}个单位：{shares(clause, terms)}。"
    if clause.manner == "carried":
        return f"按原通报结转，{counted}"
    what = _sums(clause, terms)
    if clause.manner in _BOUNDS:
        return f"{_BOUNDS[clause.manner][1]}{what}，{counted}"
    split = "涉及责任共担的，按单位分别计次"
    is_split = any(share.parts for share in clause.shares)
    times = f"共{clause.times}次"
    causes = causes_of(clause.causes)
    if len(clause.causes) == 1 and clause.causes[0][1] == clause.times:
        times = causes or times
    elif causes:
        times += f"（{causes}{f'；{split}' if is_split else ''}）"
    elif is_split:
        times += f"（{split}）"
    # What differs between units beside the points would be lost.
    is_plain = len(clause.causes) <= 1 and not is_split
    most = by_exception(clause, names, terms) if is_plain else None
    return f"{times}，{what}，{counted}" if most is None else f"{times}，{what}：{most}"
