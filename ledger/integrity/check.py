"""The check: all that is stored is read again, and proved to be what was signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger import codec
from ledger.damage import unreadable_words
from ledger.errors import StoreError
from ledger.events import EarlierCopyAccepted, FiguresPublished, acceptance_id
from ledger.integrity.checkpoint import Head, open_checkpoint, read_beside
from ledger.integrity.consistency import Consistency
from ledger.integrity.errors import KeyFileError, NoteError
from ledger.integrity.findings import Acceptance, CheckFinding, Report
from ledger.integrity.head import KeptHead, problem_with
from ledger.integrity.leaves import leaf_hash
from ledger.integrity.locating import MISSING, changed_rows, trusted_leaves
from ledger.integrity.merkle import roots_at
from ledger.integrity.papers import proved_papers
from ledger.integrity.signatures import Signatures
from ledger.message import Message, Parts, message_of
from ledger.omitting import Asides
from ledger.progress import with_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.events import Event
    from ledger.evidence import Papers
    from ledger.integrity.head import LastEvent
    from ledger.integrity.keys import KeyPaths
    from ledger.integrity.note import Verifier
    from ledger.rules import MeasureAt
    from ledger.stores import Store, StoredRow

FARTHEST_HOLE = 100_000
"""Missing rows in one place; a row still farther behind is no row of this ledger."""

_NAMED = 5
"""Findings that one sentence names, at most."""


class _Claim:
    """A checkpoint that the ledger is compared with, and where it comes from."""

    def __init__(self, source: str, note: str | bytes, size: int | None = None) -> None:
        self.source, self.note, self.size = source, note, size


class Check:
    """One check of one ledger."""

    def __init__(
        self,
        store: Store,
        verifiers: Sequence[Verifier],
        measure_at: MeasureAt | None = None,
        places: KeyPaths | None = None,
        papers: Papers | None = None,
    ) -> None:
        """Prepare the check of an open store.

        Args:
            store: the ledger.
            verifiers: the public keys that are trusted.
            measure_at: gives what rulings and findings are asked about.
            places: where a checkpoint and the leaves' hashes are kept outside the ledger.
            papers: what entries rest on, to be proved too.
        """
        self.report = Report(keys=tuple(one.short() for one in verifiers))
        self._places, self._papers = places, papers
        self._store = store
        self._verifiers = verifiers
        self._consistency = Consistency(measure_at)
        self._hashes: list[bytes] = []
        self._signatures = Signatures(self._hashes)
        self._claims: list[_Claim] = []
        self._heads: list[Head] = []
        self._asides = Asides(store)
        self._accepted: set[str] = set()

    def run(self, against: Iterable[tuple[str, bytes]] = ()) -> Report:
        """Read every event, key and checkpoint, and return what was found.

        Args:
            against: checkpoints that others kept, each with the name of its file.
        """
        self._claims.extend(_Claim(name, note) for name, note in against)
        places = self._places
        # Before the rows: what is appended meanwhile is then no loss.
        last = self._kept_head()
        if places is not None and (beside := read_beside(places)) is not None:
            self._claims.append(
                _Claim(
                    Message("the checkpoint in {checkpoint}", checkpoint=places.checkpoint), beside
                )
            )
        try:
            # Before the rows: what is appended meanwhile is then no cut tail.
            for size, note in self._store.checkpoints.kept():
                self._claims.append(
                    _Claim(Message("the kept checkpoint of size {size}", size=size), note, size)
                )
            self._asides.follow(self._store.position())
            self._read_rows()
            for aside, why in self._asides.disregarded:
                self.report.add(CheckFinding("implausible", why, aside.ref.position, aside.name))
            for sentence in self._store.audit():
                self.report.add(CheckFinding("store", sentence))
        except (StoreError, UnicodeDecodeError) as error:
            # sqlite3 raises the latter where SQLite's own message quotes damaged bytes.
            words = Message(
                "nothing can be read behind position {position}: {error}",
                position=self.report.position,
                error=error,
            )
            self.report.add(CheckFinding("unreadable", words))
        for finding in self._consistency.close():
            self.report.add(finding)
        for finding in self._signatures.close(self._store):
            self.report.add(finding)
        self.report.four_eyes = self._signatures.four_eyes(self._consistency.state)
        self._prove_papers()
        self._open_claims()
        if last is not None:
            self._compare_head(last)
        self._compare(() if places is None else trusted_leaves(places.leaves, self._heads))
        return self.report

    def _prove_papers(self) -> None:
        if self._papers is not None:
            self.report.papers, wrong = proved_papers(self._consistency.state, self._papers)
            for finding in wrong:
                self.report.add(finding)

    def _kept_head(self) -> LastEvent | None:
        try:
            return None if self._places is None else KeptHead(self._places).read()
        except KeyFileError as error:
            self.report.add(CheckFinding("checkpoint", message_of(error)))
            return None

    def _compare_head(self, last: LastEvent) -> None:
        """Look for the last acknowledged event, unless its loss was accepted on the record."""
        here = len(self._hashes)
        leaf = self._hashes[last.position - 1] if last.position <= here else None
        problem = problem_with(last, leaf, here)
        if problem is not None and acceptance_id(*last) not in self._accepted:
            kind, place = ("cut", here + 1) if leaf is None else ("changed", last.position)
            self.report.add(CheckFinding(kind, problem, place))

    def _read_rows(self) -> None:
        rows = with_progress(self._store.raw(), Message("checking"), self._store.position)
        for row in rows:
            self.report.size += 1
            expected = len(self._hashes) + 1
            # A file whose table was changed may hold any value as a position.
            known = isinstance(row.position, int)
            if not known or not expected <= row.position <= expected + FARTHEST_HOLE:
                words = Message(
                    "is no row of this ledger: position {expected} would follow", expected=expected
                )
                place = row.position if known else None
                self.report.add(CheckFinding("foreign", words, place, row.originator_id))
                continue
            if row.position > expected:
                last = row.position - 1
                words = Message("the rows from here up to position {last} are missing", last=last)
                self.report.add(CheckFinding("missing", words, expected))
                self._hashes += [MISSING] * (row.position - expected)
            self.report.position = row.position
            self._read(row)
        self.report.root = roots_at(self._hashes, [len(self._hashes)])[len(self._hashes)]

    def _read(self, row: StoredRow) -> None:
        position, name = row.position, row.originator_id
        self._hashes.append(_hash_anyway(row))
        aside = self._asides.at(position)
        event = None if aside is not None else self._folded(row)
        left_out = aside is not None
        for finding in self._signatures.take(row, event, aside=left_out):
            self.report.add(finding)
        if aside is not None:
            self.report.asides.append(aside)
            self._consistency.leave_out(name, row.originator_version)
        if isinstance(event, EarlierCopyAccepted):
            self._accepted.add(name)
            self.report.accepted.append(
                Acceptance(position, event.lost, event.at, event.by, event.reason)
            )
        if isinstance(event, FiguresPublished) and event.checkpoint is not None:
            self._claims.append(
                _Claim(
                    Message("the checkpoint published at position {position}", position=position),
                    event.checkpoint,
                )
            )

    def _folded(self, row: StoredRow) -> Event | None:
        """Return the event of a row, folded; None for one that cannot be read."""
        position, name, version = row.position, row.originator_id, row.originator_version
        try:
            event = codec.validate(name, row.topic, row.state)
        except codec.UNREADABLE as error:
            words = unreadable_words(row.topic, error)
            self.report.add(CheckFinding("unreadable", words, position, name))
            self._consistency.pass_over(name, version)
            return None
        for finding in self._consistency.take(position, name, version, event):
            self.report.add(finding)
        return event

    def _open_claims(self) -> None:
        for claim in self._claims:
            try:
                if not self._verifiers:
                    raise NoteError(
                        Message("cannot be verified: there is no public key; name it by --key")
                    )
                head = open_checkpoint(claim.note, self._verifiers)
                if claim.size is not None and head.size != claim.size:
                    raise NoteError(Message("says size {size}", size=head.size))
            except NoteError as error:
                self.report.add(
                    CheckFinding(
                        "checkpoint", Message("{source} {error}", source=claim.source, error=error)
                    )
                )
            else:
                claim.size = head.size
                self._heads.append(head)
        self.report.checkpoints = len(set(self._heads))

    def _compare(self, kept: Sequence[bytes]) -> None:
        """Compare the tree with every signed head: the root over its first leaves (RFC 6962)."""
        here, whole, broken = len(self._hashes), 0, list[Head]()
        roots = roots_at(self._hashes, [head.size for head in self._heads])
        heads = sorted(set(self._heads), key=lambda head: head.size)
        for head in heads:
            if head.size <= here and roots[head.size] == head.root:
                whole = max(whole, head.size)
            elif head.size <= here:
                broken.append(head)
        self.report.covered = max((head.size for head in heads), default=0)
        if broken:
            first = broken[0].size
            proved = max((h.size for h in heads if h.size < first and h not in broken), default=0)
            words = Message(
                "the events {proved}–{first} are not those that were signed: {count} of "
                "{heads} checkpoints have another root",
                proved=proved + 1,
                first=first,
                count=len(broken),
                heads=len(heads),
            )
            self.report.add(CheckFinding("changed", words, proved + 1))
            for finding in changed_rows(self._store, self._hashes, kept, broken[-1].size):
                self.report.add(finding)
        if self.report.covered > here:
            words = Message(
                "the tail is cut: the events {here}–{covered}, which were signed, are missing",
                here=here + 1,
                covered=self.report.covered,
            )
            self.report.add(CheckFinding("cut", words, here + 1))


def faults(
    store: Store,
    verifiers: Sequence[Verifier],
    measure_at: MeasureAt | None = None,
    against: Iterable[tuple[str, bytes]] = (),
    size: int | None = None,
) -> Message | None:
    """Return what `tally check` finds wrong with a ledger in one sentence; None if it is whole.

    What is signed, backed up or restored is proved by this.

    Args:
        store: the ledger.
        verifiers: the public keys that are trusted.
        measure_at: as of `Check`.
        against: checkpoints that it must agree with, each with the name of its file.
        size: how many events it must have, if that is known.
    """
    report = Check(store, verifiers, measure_at).run(against)
    wrong: list[str] = [finding.sentence() for finding in report.findings]
    if size is not None and report.position != size:
        wrong.append(
            Message(
                "it has {count} events, its checkpoint states {size}",
                count=report.position,
                size=size,
            )
        )
    if not wrong:
        return None
    count = len(wrong) + report.passed_over - _NAMED
    more = Message("; and {count} more", count=count) if count > 0 else ""
    return Message("{wrong}{more}", wrong=Parts(wrong[:_NAMED]), more=more)


def _hash_anyway(row: StoredRow) -> bytes:
    """Return the hash of a row's leaf; if the row cannot be hashed, a value no leaf has."""
    try:
        return leaf_hash(row)
    except ValueError:
        return MISSING[:-1] + b"\1"
