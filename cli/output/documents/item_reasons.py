"""Say how an item was judged: what was graded, counted, owed or done, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.output.documents.numerals import points_text
from cli.output.documents.terms import title_of, words_of
from ledger.entries import BY_KIND, CaseReport, PetitionBatch, SupervisedCase
from projections.kinds.describing import field_title

if TYPE_CHECKING:
    from cli.output.documents.entry_names import EntryNames
    from projections.full_points import Told
    from projections.measure import Clause, Measure

_SEVERAL = {"lower": "取低", "higher": "取高", "mean": "取平均", "sum": "累加"}


def item_reason(one: Told, measure: Measure, entries: EntryNames, unit: str) -> str | None:
    """Return how an item came to its points, without them; None for another sort of working.

    Args:
        one: the posting.
        measure: its measure.
        entries: names entries.
        unit: what is counted: 分, 元.
    """
    clause = measure.clauses.get(one.line.clause)
    if clause is None:
        return None
    found = (
        _graded(one, clause, unit)
        or _checked(one, clause, measure)
        or _counted(one, clause, measure)
        or _done(one, clause, entries)
        or _clean(one, clause, entries)
        or _case(one, entries)
    )
    if found is None:
        return None
    title, how = f"{_span(one, measure)}{clause.title.zh}", found
    if one.full and clause.kind in {"rate", "quota", "clean"}:
        actual = points_text(one.line.points)
        most = f"{words_of(unit).full}{points_text(one.full)}{unit}"
        return f"{title}{most}，{how.lstrip('：')}，计{actual}{unit}"
    return f"{title}{how}"


def _graded(one: Told, clause: Clause, unit: str) -> str | None:
    """Return what a check or an inspection found."""
    working = one.line.working.innermost
    values: tuple[Any, ...] = working.values
    full = "" if one.full is None else f"{words_of(unit).full}{points_text(one.full)}{unit}，"
    match working.template:
        case "item {}: graded {} of {}":
            by = "检查评定" if clause.parameters.entry in BY_KIND else "评定"
            counted = one.line.points
            fewer = "" if counted == values[1] else f"，计{points_text(counted)}{unit}"
            return f"{full}{by}{points_text(values[1])}{unit}{fewer}"
        case "{} - {} × {}: item {}, {} missing":
            return f"{full}缺{values[4]}项"
        case (
            "item {}: the lower of {} findings"
            | "item {}: the higher of {} findings"
            | "item {}: the mean of {} findings"
            | "item {}: the sum of {} findings"
        ):
            how = next(zh for of, zh in _SEVERAL.items() if f"the {of} of" in working.template)
            return f"{full}{values[1]}次评定{how}为{points_text(one.line.points)}{unit}"
    return None


def _checked(one: Told, clause: Clause, measure: Measure) -> str | None:
    """Return how much a check found missing, or that it found something missing."""
    working = one.line.working.innermost
    if working.template != "{} × {}: missing on {}":
        return None
    missing, _, day = working.values
    field = measure.fields(clause.parameters.entry)[clause.parameters.missing]
    found = "不符合要求" if field.form == "flag" else f"缺{missing}项"
    return f"：{day}检查{found}"


def _counted(one: Told, clause: Clause, measure: Measure) -> str | None:
    """Return what was counted, against what is owed."""
    working, given = one.line.working.innermost, clause.parameters
    values: tuple[Any, ...] = working.values
    match working.template:
        case "{}: {} had {} of {} cases" | "{}: {} had {} of {}":
            _, _, total, owed = values
        case "{} had {} cases, {} owed" | "{} had {}, {} owed":
            _, total, owed = values
        case "no cases":
            return "没有可计的数量"
        case "{} / {} × {}" | "{} of {}: more than all, counted as all: {}" | "{} of {}, {} % owed":
            fields = measure.fields(given.entry)
            kind = given.entry
            top, bottom = (
                f"{field_title(kind, name, fields).zh}{points_text(number)}"
                for name, number in ((given.numerator, values[0]), (given.denominator, values[1]))
            )
            if "owed" in working.template:
                short = "未达到" if one.line.points < 0 else "已达到"
                return f"应达到{points_text(values[2])}%，{bottom}，{top}，{short}"
            return f"：{bottom}，{top}"
        case _:
            return None
    if given.entry == CaseReport.KIND:
        return f"应报{owed}件，实报{total}件"
    return f"应有{owed}，实有{total}"


def _span(one: Told, measure: Measure) -> str:
    """Return the month, period or year of which so many are owed; empty for anything else."""
    working = one.line.working.innermost
    values: tuple[Any, ...] = working.values
    match working.template:
        case "{}: {} had {} of {} cases" | "{}: {} had {} of {}":
            name = str(values[1])
        case "{} had {} cases, {} owed" | "{} had {}, {} owed":
            name = str(values[0])
        case _:
            return ""
    is_span = name.isdecimal() or measure.calendar.named(name) is not None
    return title_of(name, measure) if is_span else name


def _done(one: Told, clause: Clause, entries: EntryNames) -> str | None:
    """Return when something was done that was due by a day."""
    working = one.line.working.innermost
    values: tuple[Any, ...] = working.values
    match working.template:
        case "done on {}, due {}":
            done, due = values
            return f"应于{due}前完成，{done}{'已' if done <= due else '才'}完成"
        case "not done by {}" if clause.kind == "milestone":
            return f"应于{values[0]}前完成，至今没有完成"
        case "not done in time: {}":
            ids = one.line.entries
            others = f"等{len(ids)}件" if len(ids) > 1 else ""
            return f"没有全部按期完成（{entries.name(ids[0])}{others}）"
        case "nothing fell due":
            return "没有到期事项"
        case "all {} that fell due were done in time":
            return f"到期的{values[0]}件全部按期完成"
    return None


def _clean(one: Told, clause: Clause, entries: EntryNames) -> str | None:
    """Return whether something happened that must not."""
    working = one.line.working.innermost
    values: tuple[Any, ...] = working.values
    given = clause.parameters
    if clause.kind != "clean" or given.within == "special_period":
        return None
    what = entries.title(given.entry)
    if given.entry == PetitionBatch.KIND:
        asked = {name: one.when[name] for one in given.where for name in one.when}
        abnormal = "非正常" if asked.get("abnormal") is True else ""
        collective = "集体" if asked.get("manner") == ["collective"] else ""
        what = f"{abnormal}{collective}上访"
    match working.template:
        case "none from {} to {}":
            return f"：{values[0]}至{values[1]}没有发生{what}"
        case "{} in the way from {} to {}":
            return f"：{values[1]}至{values[2]}发生{what}{values[0]}起"
    return None


def _case(one: Told, entries: EntryNames) -> str | None:
    """Return what became of one case of those that fell due: which case it is."""
    working, ids = one.line.working.innermost, one.line.entries
    values: tuple[Any, ...] = working.values
    entry = entries.get(ids[0]) if ids else None
    if entry is None:
        return None
    did = "化解" if entry.KIND == SupervisedCase.KIND else "完成"
    name = f"：{entries.name(entry.id)}"
    match working.template:
        case "not resolved by {}" | "not done by {}":
            return f"{name}，到期没有{did}"
        case (
            "resolved on {}, but not all that fell due with it were: {}"
            | "done on {}, but not all that fell due with it were: {}"
        ):
            return f"{name}，{values[0]}{did}，但同期到期的还有{len(values[1])}件没有{did}"
        case "{} case resolved on {}, due {}, as were all {} that fell due with it":
            return f"{name}，{values[1]}{did}，同期到期的{values[3]}件全部{did}"
        case "done on {}, due {}, as were all {} that fell due with it":
            return f"{name}，{values[0]}{did}，同期到期的{values[2]}件全部{did}"
    return None
