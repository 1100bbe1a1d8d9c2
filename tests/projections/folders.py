"""Make small measures, and score entries given as flat objects under a measure."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ledger.batch import row_of, stored
from ledger.decimals import plain
from ledger.entries import BY_KIND
from ledger.events import EntryRecorded, EntryVerified
from ledger.kinds import Kinds
from ledger.state import LedgerState
from projections.measure import load_measure
from projections.scores import score_year

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ledger.entries import AnyEntry
    from projections.measure import Measure
    from projections.scores import YearScores

_AT = "2026-01-01T00:00:00.000000Z"
WORDS = {"zh": "甲", "en": "A"}


def toml(value: Any) -> str:
    """Return a value as TOML writes it in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {toml(one)}' for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def file_of(**keys: Any) -> str:
    """Return a TOML file of these keys."""
    return "".join(f"{key} = {toml(value)}\n" for key, value in keys.items())


def amount(of: str, **keys: Any) -> dict[str, Any]:
    """Return an amount; `condition` becomes `if`, `since` becomes `from`."""
    renamed = {{"condition": "if", "since": "from"}.get(key, key): keys[key] for key in keys}
    return {"of": of, "citation": "一", "paraphrase": "略", **renamed}


def clause(slug: str, kind: str, **keys: Any) -> dict[str, Any]:
    """Return a clause of the section `points`."""
    fixed = {"section": "points", "citation": "一", "title": WORDS, "sentence": WORDS}
    return {"slug": slug, "kind": kind, **fixed, **keys}


def section(slug: str = "points", of: str = "year", **keys: Any) -> dict[str, Any]:
    """Return a section."""
    return {"slug": slug, "of": of, "title": WORDS, "citation": "一", **keys}


def period(key: str, starts: str, **keys: Any) -> dict[str, Any]:
    """Return a period."""
    return {"key": key, "title": WORDS, "starts": starts, **keys}


HALVES = [period("H1", "01-01"), period("H2", "07-01")]
"""Two periods of half a year."""


def reading(name: str, *values: str) -> dict[str, Any]:
    """Return a reading whose default is the first of its values."""
    listed = [{"value": value, "meaning": value} for value in values]
    fixed = {"default": values[0], "citation": "一", "summary": WORDS}
    return {"name": name, **fixed, "value": listed}


def kind_of_entry(
    kind: str, fields: dict[str, str], dated_by: str = "on", prefix: str = "XX"
) -> dict[str, Any]:
    """Return a kind of entry of a measure's own.

    Args:
        kind: its name.
        fields: types by name, as `integer`, `date?` (optional) or `reference:task` (to a task).
        dated_by: the field that dates it.
        prefix: of its numbers; each kind of a measure has another.
    """
    forms = {name: form.rstrip("?").partition(":") for name, form in fields.items()}
    listed = [
        {
            "name": name,
            "title": {"zh": f"{name}项", "en": name},
            "type": form,
            **({"refers_to": to} if to else {}),
            **({"optional": True} if fields[name].endswith("?") else {}),
        }
        for name, (form, _, to) in forms.items()
    ]
    title = {"zh": f"{kind}件", "en": kind}
    return {"kind": kind, "title": title, "prefix": prefix, "dated_by": dated_by, "field": listed}


def lone_batch(matter: str, on: str = "2021-03-01") -> dict[str, Any]:
    """Return an abnormal batch of one person to the city."""
    return {
        "kind": "petition_batch",
        "level": "city",
        "headcount": 1,
        "abnormal": True,
        "matter": matter,
        "occurred_at": f"{on}T09:00",
    }


def small_measure(
    *clauses: dict[str, Any], entries: list[dict[str, Any]] | None = None, **head: Any
) -> Measure:
    """Return a measure of the calendar year 2021 with one section `points` of the year.

    Args:
        clauses: see `clause`.
        entries: kinds of entries of its own.
        head: keys of measure.toml in place of the usual ones.
    """
    issued = {"id": "small", "name": "小办法", "issuer": "某镇", "issued_on": date(2021, 1, 1)}
    usual = {
        "measure": {**issued, "year": 2021},
        "calendar": {"citation": "一"},
        "units": {"type": [{"value": "village", "title": WORDS}]},
        "section": [section()],
        "total": {"slug": "total", "citation": "一", "title": WORDS, "sentence": WORDS},
    }
    content = {"measure.toml": file_of(**{**usual, **head})}
    content["clauses/1.toml"] = file_of(clause=list(clauses))
    if entries is not None:
        content["entries.toml"] = file_of(entry=entries)
    return load_measure(content)


_kinds_of = lru_cache(maxsize=8)(Kinds.of)


def validated(measure: Measure, entry: dict[str, Any]) -> AnyEntry:
    """Return an entry that the ledger and the measure accept.

    Raises:
        pydantic.ValidationError: a field is wrong.
        AssertionError: the measure does not provide for it.
    """
    found = _kinds_of(measure).validate(json.dumps(entry).encode())
    objections = [(field, str(message)) for field, message in measure.objections(found)]
    assert not objections, (entry, objections)
    return found


def state_of(
    measure: Measure, entries: Iterable[dict[str, Any]], unverified: Collection[str] = ()
) -> LedgerState:
    """Return the state of entries, all verified but the ids named; an id left out is given."""
    rows = []
    for number, given in enumerate(entries, 1):
        entry = validated(measure, {"id": f"E{number}", **given})
        recorded = EntryRecorded[type(entry)](at=_AT, by="clerk", entry=entry)  # type: ignore[misc]
        rows.append(stored(entry.id, 1, recorded))
        if entry.id not in unverified:
            rows.append(stored(entry.id, 2, EntryVerified(at=_AT, by="head")))
    return LedgerState().fold(map(row_of, range(1, len(rows) + 1), rows))


def scored(
    measure: Measure,
    entries: Iterable[dict[str, Any]],
    *,
    year: int | None = None,
    through: date | None = None,
    rulings: dict[str, Any] | None = None,
    units: Iterable[str | dict[str, Any]] = ("V1",),
    unverified: Collection[str] = (),
) -> YearScores:
    """Return the scores of entries; those without a unit are of the first one.

    Args:
        measure: the measure.
        entries: flat objects; id and unit may be left out.
        year: the assessment year; left out, the measure's.
        through: the day; left out, the year's last.
        rulings: values by reading.
        units: ids, or entries.
        unverified: ids of entries that nobody has verified.
    """
    year = measure.source.year if year is None else year
    made: list[dict[str, Any]] = []
    for one in units:
        usual = {"type": measure.unit_types()[0]}
        named = {"id": one, "name": f"{one}村"} if isinstance(one, str) else one
        made.append({"kind": "unit", **usual, **named})
    for name, value in (rulings or {}).items():
        assert measure.reading(name) is not None, name
        basis = {"year": year, "value": value, "basis": "领导小组"}
        made.append({"kind": "ruling", "id": f"R-{name}", "reading": name, **basis})
    for number, one in enumerate(entries, 1):
        made.append({**_unit(measure, one, made[0]["id"]), "id": one.get("id", f"E{number}")})
    last = measure.calendar.last_day(year)
    return score_year(state_of(measure, made, unverified), measure, year, through or last)


def _unit(measure: Measure, entry: dict[str, Any], first: str) -> dict[str, Any]:
    has_unit = entry["kind"] in measure.kinds() or "unit" in BY_KIND[entry["kind"]].FIELDS
    return {"unit": first, **entry} if has_unit else entry


def points(scores: YearScores, unit: str = "V1", *, zeros: bool = False) -> list[tuple[Any, ...]]:
    """Return (clause, period, points, entries) of a unit's postings, without those of 0 points."""
    found = scores.unit(unit)
    assert found is not None
    return [
        (one.clause, one.period, plain(one.points), list(one.entries))
        for one in found.postings()
        if one.points or zeros
    ]
