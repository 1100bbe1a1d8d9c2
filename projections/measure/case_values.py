"""Compare the scores of a worked case with what it expects."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from ledger.decimals import plain
from ledger.message import Message, Series
from projections.postings import ZERO, Posting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from projections.measure.measure import Measure
    from projections.postings import OpenPoint
    from projections.scores import UnitScore, YearScores

    Expected = Mapping[str, Mapping[str, Any]]

_INSPECTION = "not_inspected"


class UnknownKeyError(KeyError):
    """A key of `expect` that no score has."""


def differences(
    expect: Expected, order: Sequence[str], scores: YearScores, measure: Measure
) -> Iterator[Message]:
    """Yield a sentence for each value that is not as expected: unit, key, expected, found."""
    for unit, wanted in expect.items():
        score = scores.unit(unit)
        if score is None:
            yield Message("{unit} is not scored", unit=unit)
            continue
        for key, value in wanted.items():
            try:
                found = _difference(key, value, score, scores, measure)
            except UnknownKeyError:
                yield Message("{unit}: there is no {key} to expect", unit=unit, key=key)
                continue
            if found is not None:
                yield Message(
                    "{unit}: {key} should be {expected} and is {found}",
                    unit=unit,
                    key=key,
                    expected=_shown(value),
                    found=_shown(found),
                )
    found_order = [one.unit for one in scores.units]
    if order and list(order) != found_order:
        yield Message(
            "the order should be {expected} and is {found}",
            expected=Series(order),
            found=Series(found_order),
        )


def _difference(
    key: str, value: Any, score: UnitScore, scores: YearScores, measure: Measure
) -> Any:
    """Return what was found, if it is not what was expected; else None."""
    if key == "postings":
        return _posting_difference(value, score, scores)
    if key == "open":
        return _open_difference(value, score)
    found = value_of(key, score, scores, measure)
    return None if _same(value, found) else _nothing_if_none(found)


def _nothing_if_none(value: Any) -> Any:
    return Message("nothing") if value is None else value


def _same(expected: Any, found: Any) -> bool:
    if isinstance(found, Decimal):
        try:
            return not isinstance(expected, bool) and Decimal(str(expected)) == found
        except InvalidOperation:
            return False
    if isinstance(found, bool) or isinstance(expected, bool):
        return expected is found
    if isinstance(found, list | tuple) and isinstance(expected, list):
        return sorted(expected) == sorted(found)
    return str(expected) == str(found)


def _shown(value: Any) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, bool):
        return Message("true") if value else Message("false")
    if isinstance(value, list | tuple):
        return Series(map(_shown, value)) if value else Message("nothing")
    if isinstance(value, dict):
        return " ".join(f"{_shown(one)}" for one in value.values())
    return value


_OF_A_SCORE = ("total", "rank", "flags", "eligible", "band", "group", "name")


def value_of(key: str, score: UnitScore, scores: YearScores, measure: Measure) -> Any:
    """Return the value of a key of `expect`.

    Keys: `total`, `rank`, `flags`, `eligible`, `band`, `group`, `name`; `periods` (their names); a
    section of the year; `clause.SLUG`, the sum of a clause's points in the year; the name of a
    period (`2016Q2`, or `Q2` for that of the case's year), its score; `PERIOD.SLUG`, a section of
    a period, what is beside it, or the sum of a clause's points in it; `not_inspected`, the clauses
    of items without a finding.

    Raises:
        UnknownKeyError: there is no such key.
    """
    if key in _OF_A_SCORE:
        return getattr(score, key)
    if key == "periods":
        return [one.name for one in score.periods]
    if key == _INSPECTION:
        return [one.clause for one in score.open if one.kind == _INSPECTION]
    name, _, slug = key.partition(".")
    if key in score.sections:
        return score.sections[key]
    if name == "clause" and slug in measure.clauses:
        return _sum(score, slug)
    return _value_of_period(key, score, scores, measure)


def _value_of_period(key: str, score: UnitScore, scores: YearScores, measure: Measure) -> Any:
    name, _, slug = key.partition(".")
    year = scores.town.year
    period = measure.calendar.named(name) or measure.calendar.named(f"{year}{name}")
    if period is None or period[0] != year:
        raise UnknownKeyError(key)
    begun = score.period(period[1])
    if not slug:
        return None if begun is None else begun.score
    if slug in measure.clauses:
        return _sum(score, slug, period[1])
    if slug not in {one.slug for one in (*measure.of_a_period, *measure.beside_a_period)}:
        raise UnknownKeyError(key)
    return None if begun is None else {**begun.sections, **begun.beside}[slug]


def _sum(score: UnitScore, slug: str, period: int | None = None) -> Decimal:
    """Return the sum of a clause's points in a period, or in the year."""
    of_clause = [one for one in score.postings() if one.clause == slug]
    return sum([one.points for one in of_clause if period in (None, one.period)], ZERO)


def _open_words(point: OpenPoint) -> list[str]:
    return [one for one in (point.kind, point.entry, point.clause) if one is not None]


def _open_difference(expected: Sequence[str], score: UnitScore) -> list[str] | None:
    """Return the open points, if they are not those expected.

    `incomplete B-1 abnormal-petitions` is one point, a kind alone stands for one or more of it.
    Items not inspected are left aside unless they are expected.
    """
    wanted = [one.split() for one in expected]
    found = [
        _open_words(one)
        for one in score.open
        if one.kind != _INSPECTION or any(words[0] == _INSPECTION for words in wanted)
    ]
    left = [list(words) for words in found]
    for words in wanted:
        same = [one for one in left if one[: len(words)] == words]
        if not same:
            return [" ".join(one) for one in found]
        for one in same if len(words) == 1 else same[:1]:
            left.remove(one)
    return [" ".join(one) for one in found] if left else None


def _posting_difference(
    expected: Sequence[Mapping[str, Any]], score: UnitScore, scores: YearScores
) -> list[dict[str, Any]] | None:
    """Return the postings that are not 0, if they are not those expected, in any order."""
    found = [_posting(one, scores) for one in score.postings() if one.points]
    left = list(found)
    for wanted in expected:
        same = [one for one in left if _is_posting(wanted, one)]
        if not same:
            return found
        left.remove(same[0])
    return found if left else None


def period_name(one: Posting, scores: YearScores) -> str | None:
    """Return the name of a posting's period, as 2016Q2; None for the year alone."""
    town = scores.town
    return None if one.period is None else town.calendar.period(town.year, one.period).name


def _posting(one: Posting, scores: YearScores) -> dict[str, Any]:
    period = period_name(one, scores)
    return {"clause": one.clause, "points": one.points, "period": period, "entries": one.entries}


def _is_posting(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    for key in wanted:
        if key not in found:
            raise UnknownKeyError(key)
    return all(_same(value, found[key]) for key, value in wanted.items())
