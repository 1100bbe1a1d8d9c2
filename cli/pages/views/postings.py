"""Postings in full: the clause's sentence, the amounts used, the entries with their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.output.workings import beside_points
from cli.pages.formatting import points_text, sign_class, signed_points, true_minuses
from cli.pages.views.history import EntryHistory, entry_history
from cli.pages.views.results import posting_anchor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from cli.output.measure_words import AmountRow
    from cli.pages.views.page import PageContext
    from projections.explanation import Line
    from projections.measure import Amount


class PostingDetails(NamedTuple):
    """One posting or flag in full."""

    anchor: str
    citation: str
    title: str
    sentence_zh: str
    sentence_en: str
    points: str
    sign: str
    """`minus`, `plus` or `nought`."""
    balance: str
    """The points after this posting, from the opening on."""
    working: str
    entries: tuple[str, ...]
    histories: list[EntryHistory]
    amounts: list[AmountRow]


def amount_row(amount: Amount, slug: str, context: PageContext) -> AmountRow:
    """Return an amount of a clause in words."""
    clause = context.data.measure.clauses[slug]
    row = context.words.amount(amount, clause, context.data.scores.town)
    return row._replace(states=row.states.replace("-", "−"))


def posting_details(
    lines: Iterable[Line], context: PageContext, opening: Decimal
) -> list[PostingDetails]:
    """Return postings in full, in their order.

    Args:
        lines: the postings or flags.
        context: of the page.
        opening: the points before the first one.
    """
    measure, translate = context.data.measure, context.translate
    details, balance, anchors = [], opening, set[str]()
    for line in lines:
        balance += line.points
        anchor = posting_anchor(line.clause, line.entries)
        heading = measure.heading(line.clause)
        histories = (entry_history(entry, context) for entry in line.entries)
        details.append(
            PostingDetails(
                "" if anchor in anchors else anchor,
                line.citation,
                translate.bilingual(heading.title),
                heading.sentence.zh,
                heading.sentence.en,
                signed_points(line.points),
                sign_class(line.points),
                points_text(balance),
                true_minuses(beside_points(line.working, line.points, translate)),
                line.entries,
                [history for history in histories if history is not None],
                [amount_row(amount, line.clause, context) for amount in line.read],
            )
        )
        anchors.add(anchor)
    return details
