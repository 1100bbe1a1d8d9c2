"""Postings in full: the clause's sentence, the amounts used, the entries with their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.pages.formatting import points_text, sign_class, signed_points
from cli.pages.views.history import EntryHistory, entry_history
from cli.pages.views.results import posting_anchor
from projections.ruling import case_message, stated, states_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from projections.rulebook import Amount

    from cli.pages.translation import Translator
    from cli.pages.views.page import PageContext
    from projections.explanation import Line


class AmountRow(NamedTuple):
    """An amount of the rulebook, with the words of the regulation that state it."""

    of: str
    case: str
    states: str
    citation: str
    quote: str


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


def amount_row(amount: Amount, translate: Translator) -> AmountRow:
    """Return an amount in words."""
    return AmountRow(
        translate.term(amount.of),
        translate(case_message(amount.when)),
        translate(stated(states_of(amount))).replace("-", "−"),
        amount.citation,
        amount.quote,
    )


def posting_details(
    lines: Iterable[Line], context: PageContext, opening: Decimal
) -> list[PostingDetails]:
    """Return postings in full, in their order.

    Args:
        lines: the postings or flags.
        context: of the page.
        opening: the points before the first one.
    """
    rulebook, translate = context.data.rulebook, context.translate
    details, balance, anchors = [], opening, set[str]()
    for line in lines:
        balance += line.points
        anchor = posting_anchor(line.clause, line.entries)
        clause = rulebook.clauses.get(line.clause, rulebook.adding)
        histories = (entry_history(entry, context) for entry in line.entries)
        details.append(
            PostingDetails(
                "" if anchor in anchors else anchor,
                line.citation,
                translate.bilingual(clause.title),
                clause.sentence.zh,
                clause.sentence.en,
                signed_points(line.points),
                sign_class(line.points),
                points_text(balance),
                translate(line.working),
                line.entries,
                [history for history in histories if history is not None],
                [amount_row(amount, translate) for amount in line.read],
            )
        )
        anchors.add(anchor)
    return details
