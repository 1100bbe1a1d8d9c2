"""Make an evidence packet: explanation, proofs, measure, pages and verifier, signed as one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.output.explanations import explanation_json
from cli.packet import verify
from ledger.events import ADOPTION, OBJECTION, PUBLICATION
from ledger.integrity.append_proofs import AppendProofs
from ledger.integrity.keys import load_key, load_verifiers
from ledger.integrity.note import to_base64
from ledger.integrity.proof import NotProvableError, as_json, proven_tree
from ledger.message import Message
from ledger.stores import StoredRow
from projections.bearing import bearing_entries
from projections.explanation import explain_period, explain_year

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cli.pages.year_data import YearData
    from cli.session import Session
    from ledger.integrity.append_proofs import SignedAppend
    from ledger.integrity.proof import ProvenTree
    from projections.explanation import Explanation
    from projections.scores import UnitScore


class Made(NamedTuple):
    """A packet, and what is said of it."""

    zip: bytes
    entries: int
    events: int
    position: int
    key: str
    """The public key, by which the packet is verified."""


class Contents(NamedTuple):
    """What a packet is about, for its page."""

    score: UnitScore
    explanations: Sequence[Explanation]
    """Of the period; or of the year and then of each of its periods."""
    entries: Sequence[str]
    """The ids of all entries in it."""
    size: int
    """Events that the signed checkpoint covers."""
    key: str


def make_packet(
    opened: Session,
    data: YearData,
    score: UnitScore,
    number: int | None,
    page: Callable[[Contents], bytes],
) -> Made:
    """Return the evidence packet of a unit's period or year.

    Args:
        opened: the ledger, whose key signs.
        data: the scores of the year.
        score: the unit's.
        number: the period's, from 1; None for the year with all its periods.
        page: makes the page to read.

    Raises:
        KeyFileError: the ledger's key is not here.
        NotProvableError: no checkpoint covers the position that is shown.
    """
    assert opened.url is not None, "a session of a command has its URL"
    key = load_key(opened.url)
    verifiers = [
        key.verifier,
        *(one for one in load_verifiers(opened.url) if one != key.verifier),
    ]
    store, position = opened.ledger.store, data.state.position
    tree = proven_tree(store, verifiers)
    if tree.size < position:
        raise NotProvableError(
            Message(
                "the last checkpoint covers {size} events, not position {position}; run "
                "`tally checkpoint` first, or add --as-of {size}",
                size=tree.size,
                position=position,
            )
        )
    if number is None:
        periods = [explain_period(score, data.scores, one.number) for one in score.periods]
        explanations = [explain_year(score, data.scores), *periods]
    else:
        explanations = [explain_period(score, data.scores, number)]
    events = _Events(opened, data, score, number, explanations)
    rows, appends = events.with_signatures(tree)
    contents = Contents(score, explanations, events.entries, tree.size, str(key.verifier))
    explained = [
        (verify.MAIN if at == 0 else f"explanation-{one.period}.json", _explained(one, data))
        for at, one in enumerate(explanations)
    ]
    files = {
        "index.html": page(contents),
        "verify.py": Path(verify.__file__).read_bytes(),
        verify.PUBLIC: "".join(f"{one}\n" for one in verifiers).encode(),
        **{name: _json(value) for name, value in explained},
        verify.PROOF: _json(as_json(tree.proof(rows))),
        **({verify.SIGNATURES: _json(_appends(appends, tree))} if appends else {}),
        **{
            f"{verify.MEASURE}{name}": text.encode()
            for name, text in sorted(data.measure.content.items())
        },
    }
    about = score.unit, explanations[0].period, position
    manifest = key.sign(verify.manifest_text(about, files.items())).encode()
    whole = verify.zip_of([(verify.MANIFEST, manifest), *files.items()])
    return Made(whole, len(events.entries), len(rows), position, str(key.verifier))


class _Events:
    """The events that a packet proves: of entries, statements, accounts."""

    def __init__(
        self,
        opened: Session,
        data: YearData,
        score: UnitScore,
        number: int | None,
        explanations: Sequence[Explanation],
    ) -> None:
        self._store, self._position = opened.ledger.store, data.state.position
        calendar, year = data.measure.calendar, data.year
        last = calendar.last_day(year) if number is None else calendar.period(year, number).last
        lines = [
            line
            for one in explanations
            for line in (*one.postings, *one.beside, *(flag for _, flag in one.flags))
        ]
        cited = {entry for line in lines for entry in line.entries}
        self.entries = bearing_entries(
            self._store, data.measure, year, score.unit, self._position, last, cited
        )
        names = {one.period for one in explanations}
        self._ids = [
            *self.entries,
            f"{ADOPTION}{year}",
            *(f"{PUBLICATION}{name}" for name in names),
            *self._objections(data, score.unit, names),
            *(one.name for one in opened.ledger.asides.in_force(self._position)),
        ]

    def _objections(self, data: YearData, unit: str, names: set[str]) -> list[str]:
        """Return the unit's objections to entries of the packet and to postings of its periods."""
        state = data.state
        return [
            f"{OBJECTION}{one.id}"
            for one in state.objections.values()
            if state.root(one.event.unit) == unit
            and (one.event.entry in self.entries or one.event.period in names)
        ]

    def with_signatures(self, tree: ProvenTree) -> tuple[list[StoredRow], list[SignedAppend]]:
        """Return all events in the order of their positions, and the signed appends around them."""
        rows = {row[0]: StoredRow(*row) for row in self._store.rows_of(self._ids, self._position)}
        proofs = AppendProofs(self._store, tree.size)
        appends, of_accounts = proofs.covering(rows, self._position)
        for row in (*of_accounts, *(one.row for one in appends)):
            rows[row.position] = row
        return [rows[position] for position in sorted(rows)], appends


def _appends(appends: Sequence[SignedAppend], tree: ProvenTree) -> dict[str, Any]:
    """Return the leaf hashes that each signature is of: of other events no more than that."""
    return {
        "appends": [
            {
                "signature": one.row.position,
                "leaves": [
                    to_base64(leaf) for leaf in tree.hashes[one.first - 1 : one.row.position - 1]
                ],
            }
            for one in appends
        ]
    }


def _explained(explanation: Explanation, data: YearData) -> dict[str, Any]:
    """Return the JSON that `tally explain --json` prints."""
    return explanation_json(
        explanation,
        through=data.scores.town.through.isoformat(),
        position=data.scores.position,
        provisional=data.provisional,
        measure=data.in_force.as_json(),
    )


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
