"""Differences between the scores of two states, with their causes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from ledger.decimals import plain
from ledger.entries import InspectionFinding, MeasureEntry, Ruling
from ledger.events import ADOPTION
from ledger.kinds import year_named
from ledger.message import Bilingual
from projections.causes import Causes
from projections.changed_results import by_content, unmatched, without_flags
from projections.postings import Posting
from projections.presentation import period_json, unit_json
from projections.raised import status_json
from projections.scores import Scored, rank_key, score_year

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from ledger.entries import Entry
    from ledger.state import EventRef
    from projections.changed_results import Unmatched
    from projections.facts import TownYear
    from projections.measure import Measure
    from projections.scores import UnitScore


class UnitChange(Struct, frozen=True):
    """One unit's changed fields before and after, changed postings, and causes."""

    unit: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    removed: tuple[Posting, ...]
    """Postings before that are not there after."""
    added: tuple[Posting, ...]
    entries: tuple[str, ...]
    """Ids of the causes: entries, objections, adoptions (`measure:2016`) changed in between."""
    periods: tuple[Mapping[int, str], Mapping[int, str]]
    """The names of the periods before and after, by number."""
    words: Mapping[str, Bilingual]
    """The names of sections, flags and clauses of both measures, with their Chinese titles."""


def differences(
    before: Scored,
    after: Scored,
    *,
    period: int | None = None,
    published: Sequence[Mapping[str, Any]] = (),
    unequal_postings: bool = False,
    provisional: bool = False,
) -> list[UnitChange]:
    """Return the units whose score, rank, flags or open points differ.

    They come in the order of `after`.

    A unit that was corrected in between is one unit, under its present id.

    Args:
        before: the earlier scores.
        after: the later scores.
        period: compare only what the bulletin of this period shows.
        published: the figures of that bulletin, or of the year's without a period; they replace
            those of the earlier scores, and what they do not show is not compared.
        unequal_postings: also return units of which postings differ but no figures.
        provisional: whether what awaits verification counts in both.
    """
    root = after.state.root
    earlier = {score.unit: score for score in before.scores.units}
    later = {score.unit: score for score in after.scores.units}
    figures = {root(figure["unit"]): _published_fields(figure, period) for figure in published}
    changed_ids = _changed_ids(before, after)
    rules = _rules(changed_ids, before, after, provisional=provisional)
    causes = Causes(changed_ids, after.state)
    by_rules: Scored | None = None
    periods = _period_names(before), _period_names(after)
    words = {**_words(before.scores.town.measure), **_words(after.scores.town.measure)}
    days = tuple(one.scores.town.through.isoformat() for one in (before, after))
    changes: dict[str, UnitChange] = {}
    for key in [*later, *(key for key in earlier if key not in later)]:
        old, new = earlier.get(key), later.get(key)
        was, now = _fields(old, period, before), _fields(new, period, after)
        if root(key) in figures:
            was = figures[root(key)]
            now = {name: value for name, value in now.items() if name in was}
        changed = [name for name in {**was, **now} if was.get(name) != now.get(name)]
        earlier_results = by_content(old, period, before)
        results = unmatched(earlier_results, by_content(new, period, after), days)
        if period is not None and "flags" not in changed:
            # A bulletin shows a flag once, whichever further periods raise it too.
            results = without_flags(results[0]), without_flags(results[1])
        if changed or (unequal_postings and any(results)):
            score = new if new is not None else old
            assert score is not None
            change = _change(score, _only(was, now, changed), results, causes, periods, words)
            if not set(rules) <= set(change.entries) and old is not None and new is not None:
                by_rules = by_rules or _under_later_rules(before, after, provisional=provisional)
                moved = by_content(by_rules.scores.unit(key), period, by_rules)
                if any(unmatched(earlier_results, moved, days)):
                    change = replace(change, entries=causes.in_order({*change.entries, *rules}))
            changes[key] = change
    _explain_ranks(changes, before, after, earlier, later, rules)
    return list(changes.values())


def _rules(
    changed_ids: list[str], before: Scored, after: Scored, *, provisional: bool
) -> list[str]:
    """Return what changed the rules: the measure's adoption, rulings that changed a reading."""
    then, now = before.scores.town, after.scores.town
    adoptions = [one.state.adoption(now.year, provisional=provisional) for one in (before, after)]
    measures = [None if one is None else one.ref.position for one in adoptions]
    found = []
    for entry_id in changed_ids:
        if entry_id == f"{ADOPTION}{now.year}" and measures[0] != measures[1]:
            found.append(entry_id)
        entry_state = after.state.get(after.state.subject(entry_id))
        if (
            entry_state is not None
            and isinstance(entry_state.entry, Ruling)
            and entry_state.entry.year == now.year
            and then.readings.get(entry_state.entry.reading)
            != now.readings.get(entry_state.entry.reading)
        ):
            found.append(entry_id)
    return found


def _under_later_rules(before: Scored, after: Scored, *, provisional: bool) -> Scored:
    """Return the scores of the earlier state under the measure and readings of the later one."""
    then, now = before.scores.town, after.scores.town
    scores = score_year(
        before.state,
        now.measure,
        then.year,
        then.through,
        provisional=provisional,
        readings=now.readings,
    )
    return Scored(before.state, scores)


def _published_fields(figure: Mapping[str, Any], period: int | None) -> dict[str, Any]:
    """Return a unit's figures of a bulletin in the shape of its present ones."""
    shown = {name: figure[name] for name in ("name", "flags", "eligible")}
    if period is None:
        return {**shown, "total": figure["score"], "sections": figure["sections"]}
    points = {name: figure[name] for name in ("period", "score", "sections", "beside")}
    return {**shown, "periods": [points]}


def _fields(score: UnitScore | None, number: int | None, of: Scored) -> dict[str, Any]:
    if score is None:
        return {}
    fields = unit_json(score)
    if number is not None:
        shown = score.period(number)
        periods = [] if shown is None else [period_json(shown)]
        status = status_json(score, number, of.scores.town.measure)
        return {"name": score.name, "periods": periods, **status}
    fields["open"] = sorted(fields["open"], key=lambda point: sorted(map(str, point.values())))
    return fields


def _only(
    was: dict[str, Any], now: dict[str, Any], changed: list[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the changed fields alone; of the periods and the sections, those that changed."""
    before = {name: was[name] for name in changed if name in was}
    after = {name: now[name] for name in changed if name in now}
    if "periods" in changed:
        old, new = was.get("periods", []), now.get("periods", [])
        before["periods"] = [one for one in old if one not in new]
        after["periods"] = [one for one in new if one not in old]
    if "sections" in before and "sections" in after:
        old, new = before["sections"], after["sections"]
        before["sections"] = {key: old[key] for key in old if old[key] != new.get(key)}
        after["sections"] = {key: new[key] for key in new if new[key] != old.get(key)}
    return before, after


def moved_fields(
    old: UnitScore | None, new: UnitScore | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields of a unit's year that differ, before and after, open points apart."""
    was, now = ({} if one is None else unit_json(one) for one in (old, new))
    names = {**was, **now}
    changed = [name for name in names if name != "open" and was.get(name) != now.get(name)]
    return _only(was, now, changed)


def _change(
    score: UnitScore,
    fields: tuple[dict[str, Any], dict[str, Any]],
    results: Unmatched,
    causes: Causes,
    periods: tuple[Mapping[int, str], Mapping[int, str]],
    words: Mapping[str, Bilingual],
) -> UnitChange:
    removed, added = results
    return UnitChange(
        score.unit,
        score.name,
        *fields,
        tuple(result for result in removed if isinstance(result, Posting)),
        tuple(result for result in added if isinstance(result, Posting)),
        causes.of([*removed, *added], score.unit),
        periods,
        words,
    )


def _words(measure: Measure) -> dict[str, Bilingual]:
    """Return the names that a measure gives (clauses, flags, sections, bands, groups), titled."""
    titled: dict[str, Any] = {
        **{one.value: one for one in measure.units.group},
        **{one.name: one for one in measure.bands},
        **measure.clauses,
        **measure.flags,
        **measure.sections,
    }
    return {name: Bilingual(name, one.title.zh) for name, one in titled.items()}


def _period_names(of: Scored) -> dict[int, str]:
    """Return the names of the periods of a year, by number."""
    town = of.scores.town
    return {one.number: one.name for one in town.calendar.periods(town.year)}


def _changed_ids(before: Scored, after: Scored) -> list[str]:
    """Return ids of adoptions, entries and objections changed in between, oldest first.

    If the scores are of different days, also ids of entries dated between those days.
    """
    first, last = before.scores.town.through, after.scores.town.through

    def is_new(*refs: EventRef | None) -> bool:
        return any(ref is not None and ref.position > before.state.position for ref in refs)

    found = {
        f"{ADOPTION}{year}": one.ref.position
        for year, adoptions in after.state.adoptions.items()
        for one in adoptions
        if is_new(one.ref, one.verified, None if one.withdrawn is None else one.withdrawn.ref)
    }
    for entry_id, entry_state in after.state.entries.items():
        day = _counts_from(entry_state.entry, after.scores.town) if first < last else None
        dated = day is not None and first < day <= last
        if dated or is_new(entry_state.recorded, entry_state.verified):
            found[entry_id] = entry_state.recorded.position
    # A partial state may hold its entries in another order than the ledger.
    objections = after.state.objections.values()
    return [
        *sorted(found, key=found.__getitem__),
        *(one.id for one in objections if is_new(one.raised, one.decided)),
    ]


def _counts_from(entry: Entry, town: TownYear) -> date | None:
    """Return the day from which an entry counts: its own, or the last of the year it is of."""
    if isinstance(entry, InspectionFinding | MeasureEntry):
        named = year_named(entry, town.measure)
        if named is not None:
            return town.last if named == town.year else None
    return entry.day()


def _explain_ranks(
    changes: dict[str, UnitChange],
    before: Scored,
    after: Scored,
    earlier: dict[str, UnitScore],
    later: dict[str, UnitScore],
    rules: list[str],
) -> None:
    """Give units of which only the rank changed the causes of those that passed them.

    If no unit passed, the measure and the rulings in between are the causes.
    """
    moved = [key for key, change in changes.items() if set(change.after) - {"rank", "open"}]
    order = {key: one.recorded.position for key, one in after.state.entries.items()}
    for year, adoptions in after.state.adoptions.items():
        order[f"{ADOPTION}{year}"] = adoptions[-1].ref.position
    keys_before, keys_after = _rank_keys(earlier, before), _rank_keys(later, after)
    for key, change in changes.items():
        if "rank" not in change.after or key in moved:
            continue
        causes: dict[str, None] = dict.fromkeys(change.entries)
        for other in moved:
            if _order(key, other, keys_before) != _order(key, other, keys_after):
                causes.update(dict.fromkeys(changes[other].entries))
        if not causes:
            causes.update(dict.fromkeys(rules))
        entries = tuple(
            sorted(causes, key=lambda cause: order.get(cause, after.state.position + 1))
        )
        changes[key] = replace(change, entries=entries)


def _rank_keys(scores: dict[str, UnitScore], of: Scored) -> dict[str, tuple[bool, Decimal]]:
    """Return the key that each unit is ranked by."""
    return {key: rank_key(score, of.scores.town) for key, score in scores.items()}


def _order(
    key: str, other: str, rank_keys: dict[str, tuple[bool, Decimal]]
) -> tuple[bool, bool] | None:
    """Return whether a unit ranks before and after another; None if one is missing."""
    if key not in rank_keys or other not in rank_keys:
        return None
    return rank_keys[key] < rank_keys[other], rank_keys[key] > rank_keys[other]


def change_json(change: UnitChange) -> dict[str, Any]:
    """Return the contract's `diff` of one unit, with the postings that differ."""
    was, now = change.periods
    return {
        "unit": change.unit,
        "name": change.name,
        "before": change.before,
        "after": change.after,
        "entries": list(change.entries),
        "clauses": list(dict.fromkeys(one.clause for one in (*change.removed, *change.added))),
        "postings": {
            "before": [_posting_json(posting, was) for posting in change.removed],
            "after": [_posting_json(posting, now) for posting in change.added],
        },
    }


def _posting_json(posting: Posting, periods: Mapping[int, str]) -> dict[str, Any]:
    return {
        "clause": posting.clause,
        "period": None if posting.period is None else periods[posting.period],
        "points": plain(posting.points),
        "entries": list(posting.entries),
        "working": str(posting.working),
    }
