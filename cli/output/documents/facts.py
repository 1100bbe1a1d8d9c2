"""Tell what happened in a period: 6月18日，甲村34人到省集体上访."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cli.language.chinese import word
from projections.bulletin_facts import kinds_of_facts
from projections.facts import BATCH
from projections.kinds.describing import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.output.documents.terms import Terms
    from projections.bulletin_parts import Bulletin, Fact
    from projections.measure import Measure

_MOST = 20
"""Occurrences of one sort that are named; of more those of the highest level and most people."""

_TOLD_FORMS = {"choice", "flag", "whole", "decimal"}
"""Fields of a measure's own kinds that are told: never texts or numbers of cases."""


def facts(bulletin: Bulletin, measure: Measure, collective_from: int, terms: Terms) -> list[str]:
    """Return paragraphs on what happened; none where the measure judges no occurrences."""
    kinds = dict.fromkeys(kinds_of_facts(measure).values())
    found: list[str] = []
    for kind in kinds:
        of_kind = [one for one in bulletin.facts if kind == one.entry.KIND]
        if kind == BATCH:
            found += _batches(of_kind, collective_from, terms, apart=_tells_apart(measure))
        elif of_kind:
            found += _own(of_kind, kind, measure, terms)
    if kinds and not found:
        found.append(f"{terms.this}没有发生列入考核的事项。")
    return found


def _tells_apart(measure: Measure) -> bool:
    """Return whether some clause asks whether a batch was abnormal."""
    clauses = (text for name, text in measure.content.items() if name.startswith("clauses/"))
    return any("abnormal" in text for text in clauses)


def _batches(
    found: list[Fact], collective_from: int, terms: Terms, *, apart: bool
) -> Iterator[str]:
    """Yield sums and the batches; those found abnormal apart where the measure asks for it."""
    if not found:
        yield f"{terms.this}没有发生上访。"
        return
    abnormal = [one for one in found if one.entry.of_field("abnormal")]
    lawful = [one for one in found if not one.entry.of_field("abnormal")]
    levels = "，".join(_by_level(found))
    of_these = f"，其中非正常上访{_counted(abnormal)}" if apart else ""
    yield f"{terms.this}共发生上访{_counted(found)}{of_these}。按去向分：{levels}。"
    sorts = (("非正常上访：", abnormal), ("正常上访：", lawful)) if apart else (("", found),)
    for label, some in sorts:
        if some:
            named = sorted(some, key=_severity)[:_MOST]
            told = "；".join(_batch(one, collective_from) for one in some if one in named)
            left = "、".join(_by_level([one for one in some if one not in named]))
            rest = f"。其余不逐一列举：{left}" if left else ""
            yield f"{label}{told}{rest}。"


def _counted(batches: Sequence[Fact]) -> str:
    people = sum(one.entry.of_field("headcount") for one in batches)
    return f"{len(batches)}批{people}人次" if batches else "0批"


def _levels(entry: Any) -> list[str]:
    return list(entry.FIELDS["level"].words)


def _by_level(found: list[Fact]) -> Iterator[str]:
    for level in _levels(found[0].entry) if found else ():
        some = [one for one in found if one.entry.of_field("level") == level]
        if some:
            yield f"{said(some[0].entry, 'level').zh}{_counted(some)}"


def _severity(one: Fact) -> tuple[int, int]:
    return _levels(one.entry).index(one.entry.of_field("level")), -one.entry.of_field("headcount")


def batch_text(entry: Any, collective_from: int) -> str:
    """Return what a batch was: 34人到省集体上访."""
    many = "集体" if entry.headcount >= collective_from else ""
    again = "重复" if entry.repeated else ""
    return f"{entry.headcount}人{said(entry, 'level').zh}{again}{many}上访"


def _batch(one: Fact, collective_from: int) -> str:
    host = "" if one.host is None else f"（人员稳控单位：{one.host}）"
    what = f"{one.name}{batch_text(one.entry, collective_from)}{host}"
    return f"{one.day.month}月{one.day.day}日，{what}"


def _own(found: list[Fact], kind: str, measure: Measure, terms: Terms) -> Iterator[str]:
    """Yield how many entries of a measure's kind there are, and the first of them."""
    title = measure.kinds()[kind].TITLE if kind in measure.kinds() else word(kind)
    units = Counter(one.name for one in found)
    of_units = "、".join(f"{name}{times}件" for name, times in units.items())
    yield f"{terms.this}登记{title}{len(found)}件：{of_units}。"
    told = "；".join(_entry(one, title, measure) for one in found[:_MOST])
    left = len(found) - _MOST
    yield f"{told}{f'。其余{left}件不逐一列举' if left > 0 else ''}。"


_NEGATED = (
    ("已", "未"),
    ("有", "无"),
    ("达", "不达"),
    ("合", "不合"),
    ("符", "不符"),
    ("能", "不能"),
)
"""By what the title of a yes-or-no field begins with: how it begins where the answer is no."""


def _flag(title: str, *, is_so: bool) -> str:
    """Return a yes-or-no field in words: 已上报 or 未上报, 达标 or 不达标; else 加急：否."""
    for begins, negated in _NEGATED:
        if title.startswith(begins):
            return title if is_so else f"{negated}{title.removeprefix(begins)}"
    return f"{title}：{'是' if is_so else '否'}"


def _entry(one: Fact, title: str, measure: Measure) -> str:
    fields = measure.fields(one.entry.KIND)
    parts = []
    for name, field in fields.items():
        value = one.entry.of_field(name)
        if name in {"unit", "id"} or field.form not in _TOLD_FORMS or value is None:
            continue
        if isinstance(value, bool):
            parts.append(_flag(field.title, is_so=value))
        else:
            parts.append(f"{field.title}{field.words.get(str(value), str(value))}")
    more = f"（{'，'.join(parts)}）" if parts else ""
    return f"{one.day.month}月{one.day.day}日，{one.name}{title}{more}"
