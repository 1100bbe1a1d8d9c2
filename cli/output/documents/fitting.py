"""Fit the sentences of a slip on its page: name what costs most, and add up the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from projections.judging import ABOVE, BELOW
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

    from cli.output.documents.full_points import Told
    from cli.output.documents.reasons import Reasons

LETTERS = 34
"""Characters of a line."""

_MOST_NAMED = 40
"""Postings of one clause whose sentences are looked at: a page has fewer lines."""


def lines_of(texts: Sequence[str]) -> int:
    """Return how many lines of the page paragraphs take, each with its number and indent."""
    return sum(-(-(len(text) + 4) // LETTERS) for text in texts)


class _Group(NamedTuple):
    """The postings of one clause, the costliest first; what a bound changed is its own group."""

    section: str
    postings: Sequence[Told]
    sentences: Sequence[str]


def fitting(
    postings: Sequence[Told],
    section_of: Callable[[str], str],
    reasons: Reasons,
    room: int,
) -> list[str]:
    """Return numbered sentences that fit on so many lines.

    Where there is no room for all, each section has its costliest posting and the costliest clause
    all of its own; then the others come as far as there is room. The rest of each clause is added
    up, and at last that of the clauses that cost least.

    Args:
        postings: the costliest first.
        section_of: returns the section of a clause.
        reasons: the sentences.
        room: lines.
    """
    groups = _groups(postings, section_of, reasons)
    named = [0] * len(groups)
    wanted = _wanted(groups)

    def texts() -> list[str]:
        return [
            text
            for group, many in zip(groups, named, strict=True)
            for text in _told(group, many, reasons)
        ]

    for number, many in wanted:
        before = named[number]
        named[number] = max(before, many)
        if lines_of(texts()) > room:
            named[number] = before
    found = texts()
    kept = len(groups)
    while kept and lines_of(found) > room:
        kept -= 1
        rest = [one for group in groups[kept:] for one in group.postings]
        points = reasons.points(sum((one.points for one in rest), ZERO))
        shown = [
            text
            for group, many in zip(groups[:kept], named[:kept], strict=True)
            for text in _told(group, many, reasons)
        ]
        found = [*shown, f"另有{len(rest)}项，合计{points}。"]
    return [f"{number}．{text}" for number, text in enumerate(found, 1)]


def _groups(
    postings: Sequence[Told], section_of: Callable[[str], str], reasons: Reasons
) -> list[_Group]:
    """Return the postings by clause: first the clause whose points make the largest sum."""
    of_clause: dict[tuple[str, bool], list[Told]] = {}
    for one in postings:
        is_bound = one.line.working.template in {BELOW.template, ABOVE.template}
        of_clause.setdefault((one.line.clause, is_bound), []).append(one)
    costs = bool(postings) and postings[0].points < 0

    def size(key: tuple[str, bool]) -> Decimal:
        total = sum((one.points for one in of_clause[key]), ZERO)
        return total if costs else -total

    return [
        _Group(section_of(key[0]), some, [reasons.sentence(one) for one in some[:_MOST_NAMED]])
        for key, some in ((key, of_clause[key]) for key in sorted(of_clause, key=size))
    ]


def _wanted(groups: Sequence[_Group]) -> Iterator[tuple[int, int]]:
    """Yield which group should name how many of its postings, the most important first."""
    seen = set[str]()
    for number, group in enumerate(groups):
        if group.section not in seen:
            seen.add(group.section)
            yield number, 1
    others = [
        (number != 0, -abs(group.postings[many - 1].points), number, many)
        for number, group in enumerate(groups)
        for many in range(1, len(group.sentences) + 1)
    ]
    yield from ((number, many) for _, _, number, many in sorted(others))


def _told(group: _Group, many: int, reasons: Reasons) -> list[str]:
    """Return the sentences of the first postings of a clause, and one that adds up the rest."""
    rest = group.postings[many:]
    if len(rest) == 1 and len(group.sentences) == many + 1:
        return list(group.sentences)
    more = [reasons.together(rest, others=many > 0)] if rest else []
    return [*group.sentences[:many], *more]
