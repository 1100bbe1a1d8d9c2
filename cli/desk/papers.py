"""Scanned papers that browsers send: kept beside the ledger, and named in an entry's form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from cli.desk.entry_form import PREFIX
from cli.desk.uploads import sent_name
from cli.papers import paper_name

if TYPE_CHECKING:
    from cli.desk.work import Given
    from ledger.evidence import Papers

FIELD: Final = "papers"
"""Name of the input of files."""


def take_papers(papers: Papers, given: Given) -> list[str]:
    """Keep the papers of a form; return each as `NAME=SHA-256`.

    Raises:
        EntriesRefusedError: the name of one cannot stand in the ledger; nothing was kept.
        EvidenceError: one cannot be kept.
    """
    sent = [one for one in given.files.get(FIELD, ()) if one.filename]
    named = [(paper_name(sent_name(one)), one) for one in sent]
    return [f"{name}={papers.add(one.file, name)}" for name, one in named]


def with_evidence(given: Given, papers: list[str]) -> Given:
    """Return a form with papers added to the evidence of its entry."""
    name = f"{PREFIX}evidence"
    return replace(given, fields={**given.fields, name: [*given.texts(name), *papers]})
