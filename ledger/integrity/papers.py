"""Prove the papers that are kept beside a ledger: hash them again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.evidence import EvidenceError
from ledger.integrity.findings import CheckFinding, PapersFound
from ledger.message import Message, message_of
from ledger.progress import with_progress

if TYPE_CHECKING:
    from ledger.evidence import Papers
    from ledger.state import EntryState, LedgerState


class Naming(NamedTuple):
    """The entries that name one paper, in the order of their recording."""

    name: str
    """The paper's name, as the first of them has it."""
    entries: list[EntryState]


def named_papers(state: LedgerState) -> dict[str, Naming]:
    """Return the papers that entries name, by SHA-256; those of reversed entries too."""
    found = dict[str, Naming]()
    for known in state.entries.values():
        for one in known.entry.evidence or ():
            found.setdefault(one.sha256, Naming(one.name, [])).entries.append(known)
    return found


def proved_papers(state: LedgerState, papers: Papers) -> tuple[PapersFound, list[CheckFinding]]:
    """Return how many papers are whole, missing or unnamed, and what is damaged.

    A paper that is not here is no fault: it may be kept elsewhere.
    """
    named, findings, whole = named_papers(state), list[CheckFinding](), set[str]()
    try:
        kept = papers.kept()
    except EvidenceError as error:
        return PapersFound(missing=len(named)), [CheckFinding("evidence", message_of(error))]
    with Path(os.devnull).open("wb") as nowhere:
        for digest in with_progress(kept, Message("hashing papers"), lambda: len(kept)):
            try:
                papers.copy(digest, nowhere)
                whole.add(digest)
            except EvidenceError as error:
                findings.append(_damaged(named.get(digest), message_of(error)))
    missing = len(named.keys() - {*kept})
    return PapersFound(len(whole & named.keys()), missing, len({*kept} - named.keys())), findings


def _damaged(naming: Naming | None, message: str) -> CheckFinding:
    if naming is None:
        return CheckFinding("evidence", message)
    first = naming.entries[0]
    words = Message("{name}: {problem}", name=naming.name, problem=message)
    return CheckFinding("evidence", words, first.recorded.position, first.entry.id)
