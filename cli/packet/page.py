"""The page of an evidence packet: one file that needs nothing else, without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from cli.pages.formatting import points_text
from cli.pages.links import Links
from cli.pages.rendering import STATIC, environment
from cli.pages.views.history import entry_history
from cli.pages.views.open_points import open_point_rows
from cli.pages.views.page import PageContext
from cli.pages.views.postings import posting_details
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.language.translating import Translator
    from cli.packet.making import Contents
    from cli.pages.views.open_points import OpenPointRow
    from cli.pages.views.postings import PostingDetails
    from cli.pages.year_data import YearData
    from projections.explanation import Explanation


class _NoLinks(Links):
    """Addresses of a page that is alone."""

    def to(self, page: str, anchor: str = "", **parameters: str) -> None:
        """Return None: there is no other page."""

    answer = to

    def static(self, name: str) -> str:
        """Return no address: the style is in the page."""
        raise AssertionError(name)

    def language(self, language: str) -> None:
        """Return None: the packet has one language."""


class Published(NamedTuple):
    """The edition in force of a period, as it went out."""

    number: int
    score: str
    by: str
    verified_by: str
    position: int


class Part(NamedTuple):
    """The explanation of a period or year as the page shows it."""

    name: str
    opening: str
    closing: str
    scores: list[tuple[str, str]]
    """For a year the scores of its periods, which it adds up."""
    postings: list[PostingDetails]
    beside: list[PostingDetails]
    flags: list[tuple[str, PostingDetails]]
    open: Sequence[OpenPointRow]
    published: Published | None


def packet_page(contents: Contents, data: YearData, translate: Translator) -> bytes:
    """Return the HTML of a packet's page."""
    context = PageContext(data, _NoLinks(), translate, contents.score.unit)
    parts = [_part(one, contents, context) for one in contents.explanations]
    shown = {
        entry
        for part in parts
        for one in (*part.postings, *part.beside, *(flag for _, flag in part.flags))
        for entry in one.entries
    }
    others = [entry_history(one, context) for one in contents.entries if one not in shown]
    main = parts[0]
    html = (
        environment()
        .get_template("packet.html")
        .render(
            translate=translate,
            style=Markup((STATIC / "pages.css").read_text("utf-8")),  # noqa: S704 - the program's own
            score=contents.score,
            main=main,
            parts=parts,
            others=[one for one in others if one is not None],
            measure=data.measure,
            in_force=data.in_force.as_json(),
            score_unit=context.words.unit_of_score,
            through=data.scores.town.through,
            position=data.state.position,
            size=contents.size,
            key=contents.key,
            names=data.names,
        )
    )
    return html.encode()


def _part(explanation: Explanation, contents: Contents, context: PageContext) -> Part:
    opening, adding = explanation.opening, explanation.measure.adding.slug
    scores = [one for one in explanation.postings if one.clause == adding]
    postings = [one for one in explanation.postings if one.clause != adding]
    before = opening + sum((one.points for one in scores), ZERO)
    flags = [context.words.term(flag) for flag, _ in explanation.flags]
    details = posting_details([line for _, line in explanation.flags], context, ZERO)
    return Part(
        explanation.period,
        points_text(opening),
        points_text(explanation.closing),
        [(context.translate(one.working), points_text(one.points)) for one in scores],
        posting_details(postings, context, before),
        posting_details(explanation.beside, context, ZERO),
        list(zip(flags, details, strict=True)),
        open_point_rows(explanation.open, contents.score, context),
        _published(explanation.period, contents, context),
    )


def _published(period: str, contents: Contents, context: PageContext) -> Published | None:
    """Return the edition in force of a period with the unit's score in it; None without one."""
    state = context.data.state_of(period)
    edition = state.edition(period)
    if edition is None:
        return None
    unit = contents.score.unit
    figures = (one for one in edition.event.figures if state.root(one["unit"]) == unit)
    figure = next(figures, None)
    if figure is None:
        return None
    verified = edition.verified
    return Published(
        edition.number,
        figure["score"].replace("-", "−"),
        edition.ref.by,
        "" if verified is None else verified.by,
        edition.ref.position,
    )
