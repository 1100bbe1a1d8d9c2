"""Whether events could have happened as they stand: the fold of the ledger, asked at each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import same_person
from ledger.entries import InspectionFinding, Reversal, Ruling
from ledger.errors import DamagedLedgerError
from ledger.events import EntryRecorded, EntryReversed, EntryVerified, LedgerEvent
from ledger.integrity.findings import Finding
from ledger.register import EntryLife, Register
from ledger.saying import Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.door import Measure


class Plausibility:
    """Takes in the events of a ledger in order; says what no honest ledger would hold."""

    def __init__(self, measure: Measure | None = None) -> None:
        """Before the first event, under the measure that rulings and findings are asked about."""
        self.register = Register()
        self._measure = measure
        self._versions: dict[str, int] = {}
        self._unreadable: set[str] = set()

    def pass_over(self, name: str, version: int) -> None:
        """An event that cannot be read: what follows it of the same id is not held against it."""
        self._unreadable.add(name)
        self._versions[name] = version

    def take(self, position: int, event: LedgerEvent) -> Iterator[Finding]:
        """Folds one more event; yields what is wrong with it where it stands."""
        name = event.originator_id
        for message in self._wrong_with(event):
            yield Finding("implausible", message, position, name)
        self._versions[name] = event.originator_version
        self.register.position = position - 1
        latest = self.register.last_at
        try:
            self.register.apply(position, event)
        except DamagedLedgerError:
            if name not in self._unreadable:
                words = Said(
                    "{event}, but nothing stands there that it could be said of", event=event.NAME
                )
                yield Finding("implausible", words, position, name)
        self.register.last_at = event.at if latest is None else max(latest, event.at)

    def _wrong_with(self, event: LedgerEvent) -> Iterator[str]:
        name, version = event.originator_id, event.originator_version
        expected = self._versions.get(name, 0) + 1
        if version != expected:
            yield Said(
                "is version {version} where {expected} would follow",
                version=version,
                expected=expected,
            )
        latest = self.register.last_at
        if latest is not None and event.at < latest:
            yield Said(
                "was recorded at {at}, after an event of {latest}", at=event.at, latest=latest
            )
        life = self.register.get(name)
        if isinstance(event, EntryRecorded):
            if event.entry.id != name:
                yield Said("records an entry {id}", id=event.entry.id)
            if life is not None:
                yield Said(
                    "was recorded before, at position {position}", position=life.recorded.position
                )
        elif isinstance(event, EntryVerified) and life is not None:
            if life.verified is not None:
                yield Said(
                    "was verified before, at position {position}", position=life.verified.position
                )
            if same_person(life.recorded.by, event.by):
                yield Said("was verified by {by}, who recorded it", by=event.by)
        elif isinstance(event, EntryReversed) and life is not None and life.reversed is not None:
            yield Said(
                "was reversed before, at position {position}", position=life.reversed.mark.position
            )

    def close(self) -> Iterator[Finding]:
        """What entries owe to each other, once all are known."""
        standing: dict[tuple[object, ...], EntryLife] = {}
        for life in self.register.lives.values():
            messages = [*self._references(life), *self._reversals(life), *self._measured(life)]
            messages += self._doubles(life, standing) if life.entry.STANDS_FOR else []
            for message in messages:
                yield Finding("implausible", message, life.recorded.position, life.entry.id)

    def _references(self, life: EntryLife) -> Iterator[str]:
        entry = life.entry
        for field, named, kind in entry.references():
            other = self.register.get(named)
            if other is None or other.recorded.at > life.recorded.at:
                if named not in self._unreadable:
                    yield Said(
                        "{field}: there was no {kind} {named}", field=field, kind=kind, named=named
                    )
            elif kind != other.entry.KIND:
                yield Said(
                    "{field}: {named} is a {found}, not a {kind}",
                    field=field,
                    named=named,
                    found=other.entry.KIND,
                    kind=kind,
                )
        if entry.replaces is not None and entry.replaces not in self._unreadable:
            other = self.register.get(entry.replaces)
            if other is None or other.entry.KIND != entry.KIND:
                yield Said(
                    "replaces {replaces}, which is no {found}",
                    replaces=entry.replaces,
                    found=entry.KIND,
                )
            elif other.reversed is None or other.reversed.mark.at > life.recorded.at:
                yield Said("replaces {replaces}, which was not reversed", replaces=entry.replaces)

    def _reversals(self, life: EntryLife) -> Iterator[str]:
        """That a reversal and the mark on what it takes back were appended together."""
        entry, done = life.entry, life.reversed
        if isinstance(entry, Reversal) and entry.of not in self._unreadable:
            other = self.register.get(entry.of)
            mark = None if other is None else other.reversed
            if mark is None or mark.by_entry != entry.id:
                yield Said("takes back {of}, which does not bear its mark", of=entry.of)
            elif (mark.mark.at, mark.mark.by, mark.reason) != (
                life.recorded.at,
                life.recorded.by,
                entry.reason,
            ):
                yield Said("does not agree with its mark on {of}", of=entry.of)
        if done is not None and done.by_entry not in self._unreadable:
            by = self.register.get(done.by_entry)
            if by is None or not isinstance(by.entry, Reversal) or by.entry.of != entry.id:
                yield Said(
                    "is reversed by {by_entry}, which is no reversal of it", by_entry=done.by_entry
                )
            if isinstance(entry, Reversal):
                yield Said("is a reversal that was reversed")

    def _measured(self, life: EntryLife) -> Iterator[str]:
        if self._measure is not None and isinstance(life.entry, Ruling | InspectionFinding):
            for field, message in self._measure.objections(life.entry):
                yield Said("{field}: {message}", field=field, message=message)

    def _doubles(
        self, life: EntryLife, standing: dict[tuple[object, ...], EntryLife]
    ) -> Iterator[str]:
        """A second entry for what one alone may stand for, recorded while the first stood."""
        entry = life.entry
        key = (
            entry.KIND,
            *(
                self._root(getattr(entry, name))
                if name in entry.REFERENCES
                else getattr(entry, name)
                for name in entry.STANDS_FOR
            ),
        )
        if life.reversed is not None and life.reversed.mark.at == life.recorded.at:
            return
        first = standing.get(key)
        if first is not None and (
            first.reversed is None or first.reversed.mark.at > life.recorded.at
        ):
            yield Said("{id} stood for the same already", id=first.entry.id)
        standing[key] = life

    def _root(self, entry_id: str) -> str:
        """As `Register.root`; a damaged ledger may have entries that replace each other."""
        seen = set[str]()
        while entry_id not in seen:
            seen.add(entry_id)
            life = self.register.get(entry_id)
            if life is not None and life.entry.replaces is not None:
                entry_id = life.entry.replaces
        return entry_id
