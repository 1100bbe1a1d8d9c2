"""Postings as a page opens them: the clause's sentence, the amounts read, the entries' lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.pages.views.history import Life, life
from cli.pages.views.page import number
from projections.ruling import case_said, stated, states_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from cli.pages.translation import Speech
    from cli.pages.views.page import Desk
    from projections.explanation import Line
    from projections.rulebook import Amount, Rulebook


class Read(NamedTuple):
    """An amount that was read, with the words that state it."""

    of: str
    case: str
    states: str
    citation: str
    quote: str


class Shown(NamedTuple):
    """One posting."""

    anchor: str
    clause: str
    citation: str
    title: str
    sentence_zh: str
    sentence_en: str
    points: str
    sign: str
    """`minus`, `plus` or `nought`."""
    running: str
    """What stands after it, from the opening on."""
    working: str
    entries: tuple[str, ...]
    lives: list[Life]
    read: list[Read]


def signed(points: Decimal) -> str:
    """Points with their sign: −1.4, +3, 0."""
    return number(points) if points <= 0 else f"+{number(points)}"


def sign(points: Decimal) -> str:
    """The sign as a word, for the style."""
    return "minus" if points < 0 else "plus" if points > 0 else "nought"


def read_of(amount: Amount, say: Speech) -> Read:
    """An amount in words."""
    return Read(
        say.term(amount.of),
        say(case_said(amount.when)),
        say(stated(states_of(amount))).replace("-", "−"),
        amount.citation,
        amount.quote,
    )


def anchor_of(clause: str, entries: Sequence[str]) -> str:
    """Where a posting stands on its page."""
    return f"{clause}.{entries[0]}" if entries else clause


def sentences(slug: str, rulebook: Rulebook) -> tuple[str, str, str]:
    """A clause's title, its sentence in Chinese and in English; the adding clause's too."""
    clause = rulebook.clauses.get(slug)
    found = rulebook.adding if clause is None else clause
    return found.title.en, found.sentence.zh, found.sentence.en


def shown(lines: Iterable[Line], desk: Desk, opening: Decimal) -> list[Shown]:
    """Postings in their order, each with what stands after it."""
    made, running, taken = [], opening, set[str]()
    for line in lines:
        running += line.points
        anchor = anchor_of(line.clause, line.entries)
        title_en, zh, en = sentences(line.clause, desk.view.rulebook)
        lives = [found for entry in line.entries if (found := life(entry, desk)) is not None]
        made.append(
            Shown(
                "" if anchor in taken else anchor,
                line.clause,
                line.citation,
                line.title if desk.say.language == "zh" else title_en,
                zh,
                en,
                signed(line.points),
                sign(line.points),
                number(running),
                desk.say(line.working),
                line.entries,
                lives,
                [read_of(amount, desk.say) for amount in line.read],
            )
        )
        taken.add(anchor)
    return made
