"""Name entries on a slip as people name them: 2016年5月18日，34人到省集体上访."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from cli.language.chinese import chinese, word
from cli.output.documents.facts import batch_text
from cli.output.documents.numerals import dated, day_text
from ledger.entries import (
    CaseResolution,
    Commendation,
    Criticism,
    OnSiteResponse,
    PetitionBatch,
    ResearchSite,
    Reversal,
    SupervisedCase,
)
from projections.kinds.describing import entry_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.state import LedgerState
    from projections.measure import Clause, Measure
    from projections.postings import Flag

_PUBLIC = {PetitionBatch.KIND, Criticism.KIND, Commendation.KIND, ResearchSite.KIND}
"""Kinds of which a notice tells more than title and day."""

_NOT_TOLD = {"year", "item"}
"""Fields by which an entry is assigned to a clause and a year, which the sentence names."""


class EntryNames:
    """The names of entries; batches that would have one name are told apart by their matters."""

    def __init__(
        self, state: LedgerState, measure: Measure, collective_from: int, ids: set[str]
    ) -> None:
        """Take the ledger, its measure, and the entries that a slip may be about."""
        self._state, self._measure = state, measure
        self._collective_from = collective_from
        known = [one.entry for one in map(state.get, sorted(ids)) if one is not None]
        self.batches: list[Any] = [one for one in known if one.KIND == PetitionBatch.KIND]
        self._alike = Counter(map(self._batch, self.batches))

    def get(self, entry_id: str | None) -> Any:
        """Return an entry; None where it is not known."""
        known = None if entry_id is None else self._state.get(entry_id)
        return None if known is None else known.entry

    def name(self, entry_id: str | None, clause: Clause | None = None) -> str:
        """Return what an entry is, with its day; empty where it is not known.

        Args:
            entry_id: its id.
            clause: of an entry of the measure's own kind, what this clause asks for is told too.
        """
        entry = self.get(entry_id)
        if entry is None:
            return ""
        of_kind = self._built_in(entry)
        if of_kind is not None:
            return of_kind
        day, title = entry.day(), self.title(entry.KIND)
        when = "" if day is None else day_text(day)
        if entry.KIND not in self._measure.kinds():
            return f"{when}{title}"
        return f"{when}{self._time(entry)}{title}{self._content(entry, clause)}"

    def public(self, entry_id: str | None) -> str:
        """Return the same for all units to read: without texts and without numbers of cases."""
        entry = self.get(entry_id)
        if entry is None:
            return ""
        if entry.KIND in _PUBLIC:
            return self._built_in(entry) or ""
        day = entry.day()
        return f"{'' if day is None else day_text(day)}{self.title(entry.KIND)}"

    def title(self, kind: str) -> str:
        """Return the title of a kind of entry."""
        own = self._measure.kinds().get(kind)
        return word(kind) if own is None else own.TITLE

    def _built_in(self, entry: Any) -> str | None:
        """Return the name of an entry of a built-in kind that says more than its title and day."""
        found = None
        match entry.KIND:
            case PetitionBatch.KIND:
                found = self._batch(entry)
                if self._alike[found] > 1:
                    found = f"{found}（信访事项{entry.matter}）"
            case Criticism.KIND:
                level = word(entry.issuer)
                issuer = level if entry.issuer == "joint_conference" else f"{level}级"
                found = f"{day_text(entry.issued_on)}受到{issuer}通报批评"
            case Commendation.KIND | ResearchSite.KIND:
                found = dated(chinese(entry_words(entry, entry.FIELDS)))
            case SupervisedCase.KIND:
                due = day_text(entry.due_on)
                found = f"{word(entry.level)}级督办件（编号{entry.id}，{due}到期）"
            case OnSiteResponse.KIND:
                found = f"{self.name(entry.batch)}的现场处置"
            case CaseResolution.KIND:
                found = f"{self.name(entry.case)}于{day_text(entry.resolved_on)}化解"
            case Reversal.KIND:
                found = f"对“{self.name(entry.of)}”的冲销"
        return found

    def _batch(self, entry: Any) -> str:
        return f"{day_text(entry.day())}，{batch_text(entry, self._collective_from)}"

    def _time(self, entry: Any) -> str:
        """Return the time of the day at which an entry of the measure's own kind is dated."""
        fields = self._measure.fields(entry.KIND)
        moments = [str(entry.of_field(name)) for name in fields if fields[name].form == "moment"]
        found = next((one for one in moments if one.startswith(str(entry.day()))), "")
        return found[11:16]

    def _content(self, entry: Any, clause: Clause | None) -> str:
        """Return the values of an entry of the measure's own kind that matter, but for its day."""
        fields, day = self._measure.fields(entry.KIND), str(entry.day())
        asked = () if clause is None else _asked(clause)
        told = []
        for name, value in entry.values.items():
            if name not in fields or value is None or name in _NOT_TOLD:
                continue
            field = fields[name]
            is_told = name in asked or field.form == "prose"
            if is_told and field.refers_to is None and not str(value).startswith(day):
                own = chinese(entry_words(replace(entry, values={name: value}), fields))
                told.append(dated(own))
        return f"（{'，'.join(told)}）" if told else ""


def cause_of(flag: Flag, name_of: Callable[[str], str]) -> str:
    """Return for what a flag was raised: an entry by its name, or the sum of a year."""
    values, template = flag.working.values, flag.working.template
    if template == "{}: {} in the year":
        return f"全年{chinese(values[0])}合计{chinese(values[1])}"
    entry = name_of(flag.entries[0]) if flag.entries else ""
    return dated(entry or chinese(flag.working))


def _asked(clause: Clause) -> set[str]:
    """Return the fields by which a clause chooses its amounts, or whether an entry counts."""
    conditions = [*clause.amount, *getattr(clause.parameters, "where", ())]
    return {name for one in conditions for name in one.when}
