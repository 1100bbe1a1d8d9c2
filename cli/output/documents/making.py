"""Make the bulletin of a period of a ledger: score, compute its content, fill the template."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from cli.office import office_of
from cli.options import OptionError
from cli.output.documents.corrected import Replacing
from cli.output.documents.correction_causes import explained
from cli.output.documents.entry_names import EntryNames
from cli.output.documents.filling import fields_of, fill
from cli.output.documents.table import columns_for, fields_of_year
from cli.output.documents.terms import terms_of
from cli.output.documents.wording import REQUIRED, Proof, bulletin_values
from cli.session import check_begun, check_units, today
from ledger.editions import edition_in_force
from ledger.message import Message
from ledger.vocabulary import OFFICE_TIME
from projections.bulletin import bulletin
from projections.restatement import restated_since

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.parameters.times import Period
    from cli.session import Session
    from ledger.editions import Edition
    from ledger.state import LedgerState
    from projections.bulletin_parts import Bulletin
    from projections.query import ScoreQuery
    from projections.scores import YearScores


class Computed(NamedTuple):
    """The content of a bulletin, the scores of its year, and what proves them."""

    content: Bulletin
    scores: YearScores
    proof: Proof
    state: LedgerState


class Made(NamedTuple):
    """A bulletin as a Word document or a workbook, with its content."""

    document: bytes
    content: Bulletin
    unused: Sequence[str] = ()
    """The fields of the year's figures that the office's own template does not use."""


def computed(
    opened: Session, period: Period, query: ScoreQuery, *, unranked: bool = False
) -> Computed:
    """Return the content of the bulletin of a period or year.

    Args:
        opened: the ledger.
        period: the period, or the year.
        query: as of which position and through which day.
        unranked: leave ranks out; units come by id.

    Raises:
        OptionError: the measure has no such period, it has not begun, or no unit counts.
    """
    asked, number = opened.period_query(period, query)
    state, scores = opened.loader.scores(asked, postings=True)
    check_begun(number, scores)
    check_units(scores)
    content = bulletin(scores, number, state, _last_year(opened, asked, state), unranked=unranked)
    return Computed(content, scores, proof_of(opened, scores), state)


def document_of(
    opened: Session,
    period: Period,
    query: ScoreQuery,
    template: bytes | None = None,
    named: str = "",
    *,
    notes_of_law: bool = False,
    unranked: bool = False,
    edition: Edition | None = None,
    reason: str | None = None,
) -> Made:
    """Return the bulletin of a period or year as a Word document.

    Args:
        opened: the ledger.
        period: the period, or the year.
        query: as of which position and through which day.
        template: the office's own template; None for the program's.
        named: its name, for messages.
        notes_of_law: add the measure's notes of law, also where the office did not set so.
        unranked: leave ranks out; units come by id.
        edition: the edition that it shows; None for what is not published yet.
        reason: why it corrects the edition in force, where it is to say so in its title.

    Raises:
        OptionError: the measure has no such period, it has not begun, or no unit counts; or a
            reason is given and there is no edition to correct.
        TallyError: the template cannot be filled, or a library is missing.
    """
    from cli.output.documents import bulletin_template_of  # noqa: PLC0415 - of the extra `office`

    content, scores, proof, state = computed(opened, period, query, unranked=unranked)
    measure, office = scores.town.measure, office_of(opened.url)
    replacing = _replacing(edition, content, scores, state)
    if reason is not None:
        if replacing is None:
            words = Message("no edition of {period} is in force with other figures: there is "
                            "nothing to correct", period=content.name)  # fmt: skip
            raise OptionError("--reason", words)
        replacing = replacing._replace(reason=reason)
    collective_from = measure.collective_from(scores.town.readings)
    names_of = EntryNames(state, measure, collective_from, set())
    if replacing is not None and replacing.reason is not None:
        replaced = next(
            one for one in state.editions[content.name] if one.number == replacing.replaced
        )
        why = explained(opened, replaced, content, names_of)
        replacing = replacing._replace(explained=why)
    values = bulletin_values(
        content,
        measure,
        office,
        proof,
        today(),
        names_of=names_of,
        collective_from=collective_from,
        replacing=replacing,
        notes_of_law=notes_of_law or office.notes_of_law,
    )
    of_year, unused = content.period is None, list[str]()
    if template is None:
        columns = columns_for(content, measure)
        template = bulletin_template_of(measure, columns, office.head, of_year=of_year)
    else:
        used = fields_of(template, named)
        unused = [one for one in fields_of_year(content, measure) if one not in used]
    required = (*REQUIRED, f"得分表.{terms_of(measure, of_year=of_year).figure}")
    return Made(fill(template, named, [values], required), content, unused)


def workbook_of(
    opened: Session, period: Period, query: ScoreQuery, *, unranked: bool = False
) -> Made:
    """Return the table of a bulletin as a workbook; see `computed`.

    Raises:
        MissingLibraryError: XlsxWriter is not installed.
    """
    from cli.output.workbooks.results import results_workbook  # noqa: PLC0415 - of `office`

    found = computed(opened, period, query, unranked=unranked)
    return Made(results_workbook(found.content, found.scores), found.content)


def _replacing(
    edition: Edition | None, content: Bulletin, scores: YearScores, state: LedgerState
) -> Replacing | None:
    """Return which edition a bulletin replaces: the one in force before it.

    What has the figures of the edition in force is that edition; else it would be the next one,
    unless it counts through an earlier day.
    """
    editions = state.editions.get(content.name, [])
    standing = edition_in_force(editions)
    differs = any((one.year, one.period) == (content.year, content.period)
                  for one in content.restated)  # fmt: skip
    if edition is None and standing is not None and not differs:
        edition = standing
    number = len(editions) + 1 if edition is None else edition.number
    before = edition_in_force([one for one in editions if one.number < number])
    if before is None or before.event.through > content.through:
        return None
    day = before.ref.at.astimezone(OFFICE_TIME).date()
    reason = None if edition is None else edition.event.reason
    changes = tuple(restated_since(scores, content.period, before, state))
    return Replacing(number, before.number, day, reason, changes)


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


def proof_of(opened: Session, scores: YearScores) -> Proof:
    """Return what proves scores: their position and the Merkle root there (RFC 6962, 2.1)."""
    from ledger.integrity.leaves import leaf_hashes  # noqa: PLC0415 - not for --help
    from ledger.integrity.merkle import root_of  # noqa: PLC0415
    from ledger.integrity.note import to_base64  # noqa: PLC0415

    position = scores.position
    root = to_base64(root_of(leaf_hashes(opened.ledger.store, to=position)))
    aside = [one.event.position for one in opened.ledger.asides.in_force(position)]
    return Proof(position, scores.town.through, root, aside)
