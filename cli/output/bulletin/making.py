"""Make the bulletin of a period of a ledger: score, compute its content, fill the template."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from cli.output.bulletin import template_of
from cli.output.bulletin.filling import fill
from cli.output.bulletin.wording import context
from cli.session import check_begun, check_units
from ledger.message import Message
from projections.bulletin import bulletin

if TYPE_CHECKING:
    from cli.parameters.times import Period
    from cli.session import Session
    from ledger.state import LedgerState
    from projections.bulletin_parts import Bulletin
    from projections.query import ScoreQuery
    from projections.scores import YearScores

OWN_TEMPLATE: Final = Message("the program's template")


class Made(NamedTuple):
    """A bulletin as a Word document, with its content and the scores of its year."""

    document: bytes
    content: Bulletin
    scores: YearScores


def document_of(
    opened: Session,
    period: Period,
    query: ScoreQuery,
    template: bytes | None = None,
    named: str = OWN_TEMPLATE,
    *,
    notes_of_law: bool = False,
) -> Made:
    """Return the bulletin of a period or year as a Word document.

    Args:
        opened: the ledger.
        period: the period, or the year.
        query: as of which position and through which day.
        template: the office's own template; None for the program's.
        named: its name, for messages.
        notes_of_law: add the measure's notes of law.

    Raises:
        OptionError: the measure has no such period, it has not begun, or no unit counts.
        TallyError: the template cannot be filled, or a library is missing.
    """
    asked, number = opened.period_query(period, query)
    state, scores = opened.loader.scores(asked, postings=True)
    check_begun(number, scores)
    check_units(scores)
    content = bulletin(scores, number, state, _last_year(opened, asked, state))
    measure = scores.town.measure
    values = context(
        content,
        measure,
        _root(opened, state.position),
        notes_of_law=notes_of_law,
        set_aside=[one.event.position for one in opened.ledger.asides.in_force(state.position)],
    )
    if template is None:
        ranked = any(row.rank is not None for row in content.rows)
        template = template_of(measure, of_year=number is None, ranked=ranked)
    return Made(fill(template, named, values), content, scores)


def _last_year(opened: Session, asked: ScoreQuery, state: LedgerState) -> YearScores | None:
    """Return the scores of the year before, for restatements, where some of it was published."""
    from projections.adopted import NoMeasureError  # noqa: PLC0415 - not for --help

    assert asked.year is not None, "a period is of a year"
    year = asked.year - 1
    if not any(name[:4] == str(year) and state.edition(name) for name in state.editions):
        return None
    # A ledger made before measures were adopted has one for 2016 alone.
    with suppress(NoMeasureError):
        return opened.loader.scores(replace(asked, year=year), postings=True).scores
    return None


def _root(opened: Session, position: int) -> str | None:
    """Return the Merkle root up to a position (RFC 6962, 2.1), in base64."""
    from ledger.integrity.leaves import leaf_hashes  # noqa: PLC0415 - not for --help
    from ledger.integrity.merkle import root_of  # noqa: PLC0415
    from ledger.integrity.note import to_base64  # noqa: PLC0415

    return to_base64(root_of(leaf_hashes(opened.ledger.store, to=position)))
