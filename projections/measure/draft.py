"""A measure's folder as far as it can be read, and the words that its amounts may use."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import tomli

from ledger.entries.base import COMMON
from ledger.kinds import fields_of
from projections.facts import BATCH, Role
from projections.kinds import KINDS, cases_of
from projections.measure.files import CLAUSES, ENTRIES
from projections.measure.model import ByReading, MeasureData

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.entries.base import Field
    from ledger.entries.own import OwnKind
    from ledger.message import Message
    from projections.measure.files import Folder
    from projections.measure.model import Clause, Reading

DomainForm = Literal["choice", "flag", "number", "text", "other"]
"""`text` is any text; by `other`, as a date, nothing can be chosen."""

MANNERS = ("individual", "collective")
_FORMS: dict[str, DomainForm] = {
    "choice": "choice",
    "flag": "flag",
    "whole": "number",
    "decimal": "number",
    "code": "text",
    "prose": "text",
}
_LEAST = {"headcount": 1}
"""The least number of built-in fields that do not begin at 0."""


class Problem(NamedTuple):
    """Why a measure's folder is refused, or a remark on it."""

    file: str
    place: str | None
    """Slug and key, as `screening.amount[1].when`; items are counted from 0."""
    what: Message | str


class Domain(NamedTuple):
    """The values by which an amount may be chosen."""

    form: DomainForm
    values: tuple[str, ...] = ()
    least: int = 0
    optional: bool = False
    """Whether it may be that none is recorded."""


class Draft(NamedTuple):
    """A folder, with everything that is declared in it."""

    folder: Folder
    content: Mapping[str, str]
    least: Mapping[tuple[str, str], int]
    """Least values of numbers of the measure's own kinds, by kind and field."""
    own_kinds: Mapping[str, OwnKind]
    readings: dict[str, Reading | None]
    """By name; None for one of a clause that cannot be read."""
    slugs: frozenset[str]
    """Slugs of all clauses, also of those that cannot be read, and of the total."""

    def fields(self, kind: str) -> Mapping[str, Field]:
        """Return the fields of a kind of entry; none for an unknown one."""
        return fields_of(kind, self.own_kinds)

    def domain(self, kind: str, name: str) -> Domain | None:
        """Return the values of a kind's field; None without one."""
        field = self.fields(kind).get(name)
        if field is None or name in COMMON:
            return None
        optional = field.default is None
        if kind == BATCH and name == "group":
            batches = self.folder.batches
            groups = () if batches is None else tuple(one.value for one in batches.group)
            return Domain("choice", groups, optional=optional)
        form = _FORMS.get(field.form, "other")
        least = self._least(kind, name) if form == "number" else 0
        return Domain(form, tuple(field.choices), least, optional)

    def _least(self, kind: str, name: str) -> int:
        return self.least.get((kind, name), 0) if kind in self.own_kinds else _LEAST.get(name, 0)

    def names(self, clause: Clause, of: str) -> dict[str, Domain]:
        """Return what the amounts of one `of` may be chosen by, with the values of each."""
        kind = KINDS[clause.kind]
        kinds = cases_of(clause, of)
        if kinds:
            return self.names_of(*kinds)
        return {
            name: Domain("choice" if values else "number", tuple(values))
            for name, values in getattr(kind, "NAMES", {}).items()
        }

    def names_of(self, kind: str, answer: str | None = None) -> dict[str, Domain]:
        """Return what an entry of a kind, and the response to it, can be told apart by."""
        found: dict[str, Domain] = {}
        if kind == BATCH:
            manners = () if self.folder.batches is None else MANNERS
            found = {"role": Domain("choice", get_args(Role)), "manner": Domain("choice", manners)}
        for name in self.fields(kind):
            domain = self.domain(kind, name)
            if domain is not None:
                found[name] = domain
        for name in () if answer is None else self.fields(answer):
            domain = self.domain(answer or "", name)
            if domain is not None:
                # The entry's own value precedes; there may be no response.
                found.setdefault(name, domain._replace(optional=True))
        return found


def draft_of(folder: Folder, content: Mapping[str, str], own_kinds: Mapping[str, OwnKind]) -> Draft:
    """Return a folder with what is declared in it, also in clauses that cannot be read."""
    readings: dict[str, Reading | None] = {}
    slugs = {folder.total.slug, *folder.file_of}
    for name in content:
        if name.startswith(CLAUSES):
            for data in _raw_clauses(content[name]):
                if isinstance(data.get("slug"), str):
                    slugs.add(data["slug"])
                named = data.get("reading", [])
                for one in named if isinstance(named, list) else []:
                    if isinstance(one, dict):
                        readings[str(one.get("name"))] = None
    readings |= {one.name: one for *_, one in folder.placed_readings()}
    entries = tomli.loads(content[ENTRIES])["entry"] if own_kinds else []
    least = {
        # A range begins at 0; a number without a least one may be less.
        (entry["kind"], field["name"]): int(Decimal(str(field.get("min", -1))))
        for entry in entries
        for field in entry.get("field", [])
    }
    return Draft(folder, content, least, own_kinds, readings, frozenset(slugs))


def _raw_clauses(text: str) -> list[dict[str, Any]]:
    try:
        found = tomli.loads(text).get("clause", [])
    except tomli.TOMLDecodeError:
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def by_readings(
    part: MeasureData, at: str = ""
) -> Iterator[tuple[str, str, MeasureData, ByReading]]:
    """Yield each value that a reading decides as (place, key, what has the key, value)."""
    for name, key in zip(part.__struct_fields__, part.__struct_encode_fields__, strict=True):
        value = getattr(part, name)
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            place = ".".join(filter(None, (at, "" if name == "parameters" else key)))
            place += f"[{number}]" if isinstance(value, list) else ""
            if isinstance(one, ByReading):
                yield place, name, part, one
            elif isinstance(one, MeasureData):
                yield from by_readings(one, place)
