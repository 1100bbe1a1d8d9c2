"""Evidence: scanned papers are kept by their hash, listed, and given out to who may see them."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.desk.access import concerns
from cli.desk.papers import FIELD, take_papers
from cli.desk.uploads import UploadError
from cli.desk.work import EVERYBODY, OFFICE, RECORDERS, Attachment, Done, Work
from cli.pages.query import MissingError
from cli.pages.views.page import Page
from ledger.evidence import Papers
from ledger.integrity.papers import Naming, named_papers
from ledger.message import Message

if TYPE_CHECKING:
    from cli.desk.work import Desk, Given

_MOST: Final = 500
"""Papers that the page lists; `tally evidence list` lists them all."""

_ENTRIES: Final = 10


class _Row(NamedTuple):
    """A paper that entries name, or that is kept."""

    name: str
    sha256: str
    here: bool
    href: str
    entries: list[tuple[str, str | None]]


def _papers(desk: Desk) -> Papers:
    return Papers(desk.books.url)


def _named(desk: Desk) -> dict[str, Naming]:
    return named_papers(desk.session.loader.entries())


def _show(desk: Desk, given: Given) -> Page:
    translate, kept = desk.translate, {*_papers(desk).kept()}
    named = _named(desk)
    rows = [
        _row(desk, digest, one.name, [known.entry.id for known in one.entries], digest in kept)
        for digest, one in named.items()
    ]
    unnamed = [_row(desk, digest, "", [], here=True) for digest in sorted(kept - named.keys())]
    values: dict[str, Any] = {
        "message": [*map(translate, given.message)],
        "uploads": desk.role in RECORDERS,
        "rows": [*reversed(rows)][:_MOST],
        "hidden": max(len(rows) - _MOST, 0),
        "missing": sum(not one.here for one in rows),
        "unnamed": unnamed[:_MOST],
        "field": FIELD,
    }
    return Page("desk/evidence.html", translate("Evidence"), values=values, current="evidence")


def _row(desk: Desk, digest: str, name: str, entries: list[str], here: bool) -> _Row:
    return _Row(
        name,
        digest,
        here,
        desk.links.to("paper", sha256=digest),
        [(one, desk.links.entry(one)) for one in entries[:_ENTRIES]],
    )


def _upload(desk: Desk, given: Given) -> Done:
    """Keep papers, and say what names them in a form."""
    made = take_papers(_papers(desk), given)
    if not made:
        raise UploadError(Message("choose a file first"))
    words = Message("{count} {count:paper|papers} kept; no entry names it yet", count=len(made))
    named = [Message("what names it in an entry: {paper}", paper=one) for one in made]
    return Done("/evidence", [words, *named])


def _paper(desk: Desk, given: Given) -> Attachment:
    """Return a paper, proved whole; of units alone that of an entry of their own.

    Raises:
        MissingError: there is none that the account may see: which of the two is not told.
        EvidenceError: it is damaged.
    """
    digest = given.text("sha256").lower()
    missing = MissingError(Message("there is no such paper here"))
    if not re.fullmatch("[0-9a-f]{64}", digest) or not _papers(desk).is_here(digest):
        raise missing
    naming, unit = _named(desk).get(digest), desk.account.event.unit
    if unit is not None and not (
        naming is not None
        and any(concerns(desk.session, one.entry.id, unit, of_all=False) for one in naming.entries)
    ):
        raise missing
    content = BytesIO()
    _papers(desk).copy(digest, content)
    # Never of a type that a browser would show: it may hold anything.
    name = digest if naming is None else naming.name
    return Attachment(name, "application/octet-stream", content.getvalue())


EVIDENCE = Work("/evidence", _show, _upload, readers=OFFICE, actors=RECORDERS)
PAPER = Work("/paper", _paper, readers=EVERYBODY)
