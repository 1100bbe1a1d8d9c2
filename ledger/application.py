"""The application service: it records, verifies, publishes, and loads the ledger's state."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Literal

from ledger import codec
from ledger.editions import edition_id, published_periods
from ledger.events import ADOPTION, ASIDE, OBJECTION, PUBLICATION
from ledger.kinds import Kinds
from ledger.message import Message
from ledger.reader import FEW
from ledger.receipts import Receipt
from ledger.state import adopted
from ledger.vocabulary import OFFICE_TIME
from ledger.writer import LedgerWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from eventsourcing.persistence import StoredEvent

    from ledger.batch import Batch, Source
    from ledger.doubts import Doubt
    from ledger.events import FiguresPublished
    from ledger.read_model.read_model import ReadModel
    from ledger.state import LedgerState
    from ledger.validation import Arriving


class Ledger(LedgerWriter):
    """An open ledger: entries in, events out. It knows no points."""

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of entries that are recorded under the measures adopted when first asked."""
        return Kinds.of(self._measure_at(adopted(self.store, self.store.position()).adoptions))

    def record(
        self,
        submissions: Source,
        by: str,
        verify_by: str | None = None,
        *,
        about: Collection[str] = (),
        at_position: int | None = None,
        dry_run: bool = False,
        doubts: Collection[Doubt] = (),
        admitted: Callable[[LedgerState, Arriving], None] | None = None,
    ) -> Receipt:
        """Append all of the submissions or, where one is wrong, nothing.

        An entry recorded before with the same content is counted as skipped.

        Args:
            submissions: entries that have passed their own checks, read once, with refusals of
                those that have not; or what makes entries of the newest state of the ledger.
            by: who records.
            verify_by: who verifies what is new in the same append, never `by`.
            about: ids that submissions made of the state are about; without them the whole
                ledger is loaded for these.
            at_position: append only if the ledger still ends there.
            dry_run: stop short of the append; `position` stays where it is.
            doubts: refuse entries that are alike or implausible, as of `DOUBTS`.
            admitted: is shown what is known of the ledger and the new entries, before the append.

        Raises:
            EntriesRefusedError: every refusal at once; nothing was written.
            LedgerMovedError: the ledger does not end at `at_position`; nothing was written.
        """
        by = self.who(by, codec.RECORDED["unit"])  # the same roles record every kind
        if verify_by is not None:
            verify_by = self.signing.at_once(by, verify_by)

        # Whoever only reads does not wait for what writing needs.
        from ledger.batch import Appending, Batch  # noqa: PLC0415
        from ledger.validation import Terms  # noqa: PLC0415

        batch = Batch(submissions, FEW)
        refused_for, last = frozenset(doubts), self.store.last_number

        def decide(state: LedgerState) -> tuple[Sequence[StoredEvent], Receipt]:
            now = self._now(state)
            measure = self._measure_at(state.adoptions)
            terms = Terms(measure, now.astimezone(OFFICE_TIME).date(), refused_for, last)
            fresh, skipped, _, given = batch.admit(state, terms)
            if admitted is not None:
                admitted(state, fresh)
            events = Appending(fresh, state, now, by, verify_by)
            receipt = Receipt(
                recorded=len(fresh),
                verified=len(fresh) if verify_by is not None else 0,
                skipped=len(skipped),
                import_number=state.position + 1 if len(fresh) else None,
                entries=list(fresh.ids()),
                given=given,
            )
            return events, receipt

        try:
            receipt = self._append(
                decide,
                lambda: self._known(batch, about),
                by=by,
                at_position=at_position,
                dry_run=dry_run,
            )
            if receipt.skipped and verify_by is not None:
                receipt.remarks.append(
                    Message(
                        "{skipped} recorded before and skipped: --verify-by verifies what is new; "
                        "`tally verify --all` verifies the rest",
                        skipped=receipt.skipped,
                    )
                )
            if dry_run:
                receipt.entries, receipt.given, receipt.import_number = [], [], None
            else:
                receipt.remarks.extend(batch.entry_warnings())
        finally:
            batch.close()
        return receipt

    def publish(
        self, period: str, figures: Callable[[LedgerState], FiguresPublished], by: str
    ) -> Receipt:
        """Append an edition of a period's figures, in force once another person verified it.

        Args:
            period: as 2016Q2.
            figures: computes the event from the ledger's editions; time and name in it are
                filled in here.
            by: who publishes.

        Raises:
            EntriesRefusedError: the last edition awaits verification, or one is in force and the
                event says no reason.
        """
        from ledger.publishing import publication_of  # noqa: PLC0415 - only for editions

        by = self.who(by, codec.PUBLISHED)
        return self._append_one(
            PUBLICATION + period,
            lambda state, at: publication_of(state, figures(state), at=at, by=by),
            by,
        )

    def withdraw(self, period: str, reason: str, by: str) -> Receipt:
        """Append the withdrawal of a period's last edition; the period is named in any case.

        `measure:2017` is the last adoption of a year, which nobody has verified.

        Raises:
            EntriesRefusedError: there is no such edition or adoption, or the reason is not valid.
        """
        from ledger.adopting import withdrawal_row  # noqa: PLC0415 - only to withdraw
        from ledger.publishing import withdrawal_of  # noqa: PLC0415

        by = self.who(by, codec.EDITION_WITHDRAWN)
        if period.startswith(ADOPTION):
            return self._append_one(
                period, lambda state, at: withdrawal_row(state, period, reason, at=at, by=by), by
            )
        name = edition_id(period, published_periods(self.store)) or PUBLICATION + period
        period = name.removeprefix(PUBLICATION)
        return self._append_one(
            name, lambda state, at: withdrawal_of(state, period, reason, at=at, by=by), by
        )

    def adopt(
        self,
        year: int,
        measure: str,
        content: Mapping[str, str],
        basis: str,
        by: str,
        *,
        founding: bool = False,
    ) -> Receipt:
        """Append the adoption of a measure for an assessment year.

        Args:
            year: the assessment year.
            measure: the id of the measure.
            content: the texts of its files, by name relative to its folder.
            basis: the document by which the office adopts it.
            by: who adopts it.
            founding: whether the ledger is being made; the measure is in force at once.

        Raises:
            EntriesRefusedError: the content is no measure, or the last one awaits verification.
        """
        from ledger import adopting  # noqa: PLC0415 - only for measures

        by, given = self.who(by, codec.ADOPTED), (year, measure, content, basis)

        def row(state: LedgerState, at: datetime) -> StoredEvent:
            event = adopting.adoption_of(state, *given, at=at, by=by, founding=founding)
            adopting.refuse_unreadable(event, self._measure_at)
            return adopting.adoption_row(state, event)

        return self._append_one(f"{ADOPTION}{year}", row, by)

    def object(self, subject: str, unit: str, reason: str, by: str) -> Receipt:
        """Append a unit's objection to an entry, or to a posting such as `2016Q2:screening`.

        Raises:
            EntriesRefusedError: there is no such entry, posting or unit.
        """
        by = self.who(by, codec.RAISED, unit)

        def decide(state: LedgerState) -> tuple[Sequence[StoredEvent], Receipt]:
            from ledger.objections import objection_to  # noqa: PLC0415 - only for objections

            at = self._now(state)
            name, row = objection_to(state, subject, unit, reason, at=at, by=by)
            return [row], Receipt(entries=[name])

        def load(model: ReadModel) -> LedgerState:
            to = model.follow()
            objections = model.lookup.objections([unit])
            return model.lookup.state(to, ids=[subject, unit, *objections])

        return self._append(decide, lambda: self._by_read_model(1, load), by=by)

    def decide(
        self, objection_id: str, outcome: Literal["upheld", "dismissed"], reason: str, by: str
    ) -> Receipt:
        """Append the office's decision on an objection.

        Raises:
            EntriesRefusedError: there is no such objection, or it is decided already.
        """
        from ledger.objections import decision_on  # noqa: PLC0415 - only for objections

        by = self.who(by, codec.DECIDED)

        def row(state: LedgerState, at: datetime) -> StoredEvent:
            found = state.objections.get(objection_id)
            return decision_on(found, objection_id, outcome, reason, at=at, by=by)

        return self._append_one(OBJECTION + objection_id, row, by)

    def set_aside(self, positions: Sequence[int], reason: str, by: str) -> Receipt:
        """Append that damaged positions are set aside, once another person verified it.

        Args:
            positions: the damaged positions.
            reason: why.
            by: who sets them aside.

        Raises:
            EntriesRefusedError: a position is sound, not in the ledger or set aside already, or the
                reason is not valid; nothing was written.
        """
        from ledger.setting_aside import events_of  # noqa: PLC0415 - only for damaged ledgers

        by = self.who(by, codec.SET_ASIDE)

        def decide(state: LedgerState) -> tuple[Sequence[StoredEvent], Receipt]:
            at, given = self._now(state), (positions, reason, state, self.asides, self.store)
            events = events_of(*given, at=at, by=by)
            return events, Receipt(entries=[str(one.originator_id) for one in events])

        return self._append(decide, lambda: self.asides.state(positions), by=by)

    def verify(
        self, ids: Iterable[str] | None, by: str, *, dry_run: bool = False, each: bool = True
    ) -> Receipt:
        """Verify entries, adoptions and editions (核定): those named, or all that `by` may.

        An edition is named by its period (2016Q2), in any case; all does not mean editions. A dry
        run stops short of the append; the receipt has the ids that would be verified. Entries
        that were sent back (退回) are left out unless `each` was named by itself.

        Raises:
            EntriesRefusedError: an id is unknown, or `by` recorded or adopted it; nothing was
                written.
        """
        from ledger.verifying import originator_ids, verification  # noqa: PLC0415 - for this alone

        by = self.who(by, codec.VERIFIED)
        named = None if ids is None else list(dict.fromkeys(ids))

        def decide(state: LedgerState) -> tuple[Sequence[StoredEvent], Receipt]:
            return verification(state, named, by, self._now(state), each=each)

        def know() -> LedgerState:
            if named and all(one.startswith(ASIDE) for one in named):
                # Damage that is not set aside yet must not be in the way.
                return self.asides.state()
            ids = self.unverified() if named is None else originator_ids(named, self.store)
            return self.state_of(ids)

        return self._append(decide, know, by=by, dry_run=dry_run)

    def send_back(
        self, ids: Sequence[str], reason: str, by: str, *, dry_run: bool = False
    ) -> Receipt:
        """Send unverified entries back to who recorded them (退回), all of them or none.

        Raises:
            EntriesRefusedError: an entry is unknown, verified, taken back or sent back already,
                `by` recorded it, or the reason is not valid; nothing was written.
        """
        from ledger.returning import returns_of  # noqa: PLC0415 - for this alone

        by = self.signing.who(by)
        return self._append(
            lambda state: returns_of(state, ids, reason, by, self._now(state)),
            lambda: self.state_of(ids),
            by=by,
            dry_run=dry_run,
        )

    def unverified(self) -> list[str]:
        """Return the ids of entries that nobody has verified; of more than `FEW`, only some."""
        ids = self.store.ids_without(codec.VERIFIED, self.position())
        entries = islice((one for one in ids if ":" not in one), FEW + 1)
        return [*self.asides.pending(), *entries]

    def _known(self, batch: Batch, about: Collection[str]) -> LedgerState:
        """Return as much of the state as validation of an import needs."""
        make, few = batch.make, batch.entries
        if make is not None and about:

            def load(model: ReadModel) -> LedgerState:
                made = make(model.lookup.state(model.follow(), ids=about))
                entries = [one.entry for one in made]
                return model.lookup.for_validation(model.follow(), entries, about)

            return self._by_read_model(len(about), load)
        if few is None:
            return self.state()
        entries = [one.entry for one in few]
        return self._by_read_model(
            len(few), lambda model: model.lookup.for_validation(model.follow(), entries)
        )
