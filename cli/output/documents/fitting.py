"""Fit the sentences of a slip on its page: name what costs most, and add up the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.output.documents.slip_page import lines_of
from projections.judging import ABOVE, BELOW
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cli.output.documents.reasons import Reasons
    from projections.full_points import Told

_ADJUSTING = {BELOW.template, ABOVE.template, "{} × {}", "{} × {} / {}"}
"""Templates of what a bound, a weight or a scale changed: they come last, each by itself."""

_MOST_NAMED = 40
"""Postings of one clause whose sentences are looked at: a page has fewer lines."""


class _Group(NamedTuple):
    """The postings of one clause, the costliest first; what a bound changed is its own group."""

    section: str
    postings: Sequence[Told]
    sentences: Sequence[str]
    is_short: bool = False


def fitting(
    postings: Sequence[Told],
    section_of: Callable[[str], str],
    reasons: Reasons,
    room: int | None,
) -> list[str]:
    """Return numbered sentences that fit on so many lines.

    First each section has its costliest posting, then the costliest clause all of its own, in short
    sentences where there is no room for whole ones; then
    each clause is told, added up, and last its single postings, as far as there is room. What
    remains of all is added up in one sentence.

    Args:
        postings: the costliest first.
        section_of: returns the section of a clause.
        reasons: the sentences.
        room: lines; None for as many as it takes.
    """
    groups = _groups(postings, section_of, reasons)
    named: dict[int, int] = {}

    def fits(texts: Sequence[str]) -> bool:
        return room is None or lines_of(texts) <= room

    found = _texts(groups, named, reasons)
    for number, many in _steps(groups):
        if many <= named.get(number, -1):
            continue
        tried = {**named, number: many}
        texts = _texts(groups, tried, reasons)
        # The first sentence comes in any case.
        if fits(texts) or not named:
            named, found = tried, texts
        elif number == 0 and many > 1 and not groups[0].is_short:
            short = _shortened(groups[0], reasons)
            texts = _texts([short, *groups[1:]], tried, reasons)
            if fits(texts):
                groups[0], named, found = short, tried, texts
    return found


def _shortened(group: _Group, reasons: Reasons) -> _Group:
    """Return a group with short sentences."""
    some = group.postings[: len(group.sentences)]
    sentences = [reasons.sentence(one, short=True) for one in some]
    return group._replace(sentences=sentences, is_short=True)


def _groups(
    postings: Sequence[Told], section_of: Callable[[str], str], reasons: Reasons
) -> list[_Group]:
    """Return the postings by clause: first the clause whose points make the largest sum."""
    of_clause: dict[tuple[str, bool], list[Told]] = {}
    for one in postings:
        is_bound = one.line.working.template in _ADJUSTING
        of_clause.setdefault((one.line.clause, is_bound), []).append(one)
    costs = bool(postings) and postings[0].points < 0

    def order(key: tuple[str, bool]) -> tuple[bool, Decimal]:
        total = sum((one.points for one in of_clause[key]), ZERO)
        return key[1], total if costs else -total

    return [
        _Group(section_of(key[0]), some, [reasons.sentence(one) for one in some[:_MOST_NAMED]])
        for key, some in ((key, of_clause[key]) for key in sorted(of_clause, key=order))
    ]


def _steps(groups: Sequence[_Group]) -> Iterator[tuple[int, int]]:
    """Yield which group should name how many of its postings, the most important first.

    A group that names none is told by the sum of its postings.
    """
    seen = set[str]()
    for number, group in enumerate(groups):
        if group.section not in seen:
            seen.add(group.section)
            yield number, 1
    if groups:
        yield 0, len(groups[0].sentences)
    for number, group in enumerate(groups):
        yield number, 0 if len(group.postings) > 1 else 1
    singles = [
        (-abs(group.postings[many - 1].points), number, many)
        for number, group in enumerate(groups)
        for many in range(1, len(group.sentences) + 1)
    ]
    yield from ((number, many) for _, number, many in sorted(singles))


def _texts(groups: Sequence[_Group], named: Mapping[int, int], reasons: Reasons) -> list[str]:
    """Return the numbered sentences of some groups, and one that adds up all other postings."""
    texts = [
        text for number in sorted(named) for text in _told(groups[number], named[number], reasons)
    ]
    rest = [
        one for number, group in enumerate(groups) if number not in named for one in group.postings
    ]
    if rest:
        points = reasons.points(sum((one.points for one in rest), ZERO))
        texts.append(f"另有{len(rest)}项，{'合计' if len(rest) > 1 else ''}{points}。")
    return [f"{number}．{text}" for number, text in enumerate(texts, 1)]


def _told(group: _Group, many: int, reasons: Reasons) -> list[str]:
    """Return the sentences of the first postings of a clause, and one that adds up the rest."""
    rest = group.postings[many:]
    more = [reasons.together(rest, others=many > 0)] if rest else []
    return [*group.sentences[:many], *more]
