"""The measure of a year: what it is, when it was adopted, its sections and readings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.language.translating import OF_EVERY_OWN_KIND
from cli.output.times import office_time
from cli.pages.formatting import points_text
from cli.pages.views.clauses import readings_shown
from cli.pages.views.page import Link, Page, PageContext
from ledger.adoptions import in_force
from ledger.instants import instant_text
from ledger.message import Message, Series
from projections.measure import load_measure
from projections.ruling import law_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.adoptions import Adoption
    from projections.measure.head import Section

TEXT = "text.txt"

_OF = {
    "period": Message("each period"),
    "beside": Message("beside each period"),
    "year": Message("the year"),
}


class AdoptionRow(NamedTuple):
    """One adoption of a measure for a year."""

    year: Link
    measure: Link
    name: str
    sha256: str
    position: int
    at: str
    """The recorded time, UTC+08:00."""
    by: str
    basis: str
    status: str
    """The CSS class of the status."""
    status_text: str


class SectionRow(NamedTuple):
    """A section of the score with its clauses."""

    section: Section
    of: str
    bounds: str
    clauses: list[Link]


def measure_page(context: PageContext) -> Page:
    """Return the page of the year's measure, with the adoptions of all years."""
    data, measure = context.data, context.data.measure
    values = {
        "source": measure.source,
        "facts": list(_facts(context)),
        "adoptions": list(_adoptions(context)),
        "periods": measure.calendar.periods(data.year),
        "sections": [_section_row(one, context) for one in measure.sections.values()],
        "adding": measure.adding,
        "readings": readings_shown(measure.readings, context),
        "law": [law_json(note) for note in measure.law],
        "kinds": list(_kinds(context)),
        "text": measure.content.get(TEXT, ""),
    }
    title = context.translate("Measure {year}", year=data.year)
    return Page("measure.html", title, [], values, {}, "measure")


def _facts(context: PageContext) -> Iterator[tuple[str, str]]:
    """Yield what the measure is, as (label, text)."""
    data, measure, translate = context.data, context.data.measure, context.translate
    town, source = data.scores.town, data.measure.source
    yield translate("Id"), measure.id
    yield "SHA-256", measure.sha256
    adoption = data.in_force.adoption
    if adoption is not None:
        yield translate("Adopted at position"), str(adoption.ref.position)
    if source.in_force is not None:
        until = source.in_force.until
        days = f"{source.in_force.since} – {'' if until is None else until}".strip()
        yield translate("In force"), days
    yield translate("Assessment year"), f"{data.year}: {town.first} – {town.last}"
    types = (translate.bilingual(one.title) for one in measure.units.type)
    yield translate("Units assessed"), translate(Series(types))
    if measure.units.group:
        groups = (translate.bilingual(one.title) for one in measure.units.group)
        yield translate("Groups"), translate(Series(groups))
    if measure.bands:
        yield translate("Results by total"), translate(Series(_bands(context)))
    if measure.flags:
        yield translate("Flags"), translate(Series(_flags(context)))


def _bands(context: PageContext) -> Iterator[str]:
    """Yield the results by total, the best first; the last is below the one before it."""
    for band, bound in context.words.bands():
        yield f"{context.words.band(band.name)} {bound.replace('-', '−')}".strip()


def _flags(context: PageContext) -> Iterator[str]:
    for flag in context.data.measure.flags.values():
        title = context.translate.bilingual(flag.title)
        effect = context.translate("not eligible for awards")
        yield title if flag.eligible else f"{title} ({effect})"


def _adoptions(context: PageContext) -> Iterator[AdoptionRow]:
    """Yield every adoption, by year, oldest first."""
    data = context.data
    for _, adoptions in sorted(data.state.adoptions.items()):
        counting = in_force(adoptions, provisional=data.provisional)
        for one in adoptions:
            yield _adoption_row(one, context, is_in_force=one is counting)


def _adoption_row(one: Adoption, context: PageContext, *, is_in_force: bool) -> AdoptionRow:
    event, translate = one.event, context.translate
    href = context.links.measure(event.year) if is_in_force else None
    status, text = "reversed", translate("superseded")
    if is_in_force:
        status, text = "counts", translate("in force")
    elif not one.effective:
        status, text = "unverified", translate("not verified yet")
    if one.verified is not None:
        verified = translate(
            "verified by {by} at position {position}",
            by=one.verified.by,
            position=one.verified.position,
        )
        text = f"{text}, {verified}"
    elif event.founding:
        text = f"{text}, {translate('adopted as the ledger was made')}"
    return AdoptionRow(
        Link(str(event.year), context.links.ranking(event.year) if is_in_force else None),
        Link(event.measure, href),
        load_measure(event.content, event.sha256).source.name,
        event.sha256,
        one.ref.position,
        office_time(instant_text(one.ref.at)),
        one.ref.by,
        event.basis,
        status,
        text,
    )


def _section_row(section: Section, context: PageContext) -> SectionRow:
    measure, translate = context.data.measure, context.translate
    bounds = []
    if section.floor is not None:
        bounds.append(translate("not below {points}", points=points_text(section.floor)))
    if section.cap is not None:
        bounds.append(translate("not above {points}", points=points_text(section.cap)))
    if section.weight != 1:
        bounds.append(f"× {points_text(section.weight)}")
    if section.deducts:
        bounds.append(translate("deducted"))
    clauses = [
        Link(context.clause_name(clause), context.links.clause(clause.slug))
        for clause in measure.clauses.values()
        if clause.section == section.slug
    ]
    return SectionRow(section, translate(_OF[section.of]), translate(Series(bounds)), clauses)


def _kinds(context: PageContext) -> Iterator[tuple[str, str]]:
    """Yield the title of each kind of entries that the measure declares, and of its fields."""
    kinds, translate = context.data.kinds_of_year, context.translate
    for kind in context.data.measure.kinds():
        names = [name for name in kinds.fields(kind) if name not in OF_EVERY_OWN_KIND]
        fields = Series(translate.field(kinds, kind, name) for name in names)
        yield translate.kind(kinds, kind), translate(fields)
