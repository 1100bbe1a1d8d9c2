"""Postings in full: the clause's sentence, the amounts used, the entries with their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.pages.formatting import points_text, sign_class, signed_points
from cli.pages.views.history import EntryHistory, entry_history
from cli.pages.views.results import posting_anchor
from ledger.message import Series
from projections.ruling import case_message, stated, states_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from cli.pages.views.page import PageContext
    from ledger.entries.base import Field
    from projections.explanation import Line
    from projections.measure import Amount
    from projections.measure.model import Condition


class AmountRow(NamedTuple):
    """An amount of the measure, with the words that state it."""

    of: str
    case: str
    condition: str
    """The readings under which it is stated, and the days from and until which."""
    is_stated: bool
    """True if the amount is stated under the readings in force."""
    states: str
    citation: str
    quote: str
    """The words of the text; empty where the measure has them in other words alone."""
    paraphrase: str


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
    town, translate = context.data.scores.town, context.translate
    conditions = [translate(case_message(amount.condition))] if amount.condition else []
    if amount.since is not None:
        conditions.append(translate("from {day}", day=amount.since))
    if amount.until is not None:
        conditions.append(translate("until {day}", day=amount.until))
    return AmountRow(
        translate.term(amount.of),
        translate(Series(_case(name, one, slug, context) for name, one in amount.when.items())),
        translate(Series(conditions)),
        amount.is_stated(town.readings),
        _states(amount, slug, context),
        amount.citation,
        amount.quote or "",
        amount.paraphrase or "",
    )


def _declared(name: str, slug: str, context: PageContext) -> tuple[str, Field] | None:
    """Return the kind and the field of a name that the entries read by a clause have."""
    kinds = context.data.kinds
    for kind in sorted(context.data.measure.reads(slug)):
        if kind in kinds and name in kinds.fields(kind):
            return kind, kinds.fields(kind)[name]
    return None


def _name(name: str, slug: str, context: PageContext) -> str:
    """Return the title of a field that a clause reads, or the word for another name."""
    found = _declared(name, slug, context)
    if found is None:
        return context.translate.term(name)
    return context.translate.field(context.data.kinds, found[0], name)


def _case(name: str, value: Condition, slug: str, context: PageContext) -> str:
    """Return one condition of an amount's case: level province/city, headcount 6-10."""
    found = _declared(name, slug, context)
    if found is None:
        return context.translate(case_message({name: value}))
    values = value if isinstance(value, list) else [value]
    words = [
        context.translate.choice(found[1], one)
        if isinstance(one, str) and found[1].form == "choice"
        else context.translate.term(one)
        for one in values
    ]
    title = context.translate.field(context.data.kinds, found[0], name)
    return f"{title} {'/'.join(words)}"


def _states(amount: Amount, slug: str, context: PageContext) -> str:
    """Return what an amount states: −3 points, with what it is multiplied by; or a flag."""
    if amount.flag is not None:
        return context.term(amount.flag)
    shown = context.translate(stated(states_of(amount))).replace("-", "−")
    return shown if amount.times is None else f"{shown} × {_name(amount.times, slug, context)}"


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
                translate(line.working),
                line.entries,
                [history for history in histories if history is not None],
                [amount_row(amount, line.clause, context) for amount in line.read],
            )
        )
        anchors.add(anchor)
    return details
