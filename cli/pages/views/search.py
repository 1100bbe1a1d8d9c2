"""Search: units, entries and clauses by a text; what it names exactly is led to at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.options import OptionError
from cli.output.entry_words import field_words, words_with
from cli.pages.query import parameter_name
from cli.pages.views.page import Link, Page
from cli.session import names_of
from cli.workbooks.words import folded
from ledger.entries import Unit
from ledger.kinds import Kinds
from ledger.message import Message
from ledger.vocabulary import OUTSIDE
from projections.effective import Effective
from projections.listing import EntryQuery, Listing, ShownWords, TextSearch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cli.language.translating import Translator
    from cli.pages.links import Links
    from cli.session import Session
    from ledger.state import LedgerState
    from projections.adopted import Measures
    from projections.listing import ListedEntry
    from projections.measure import Measure

LONGEST: Final = 100
"""Characters of a text to search for."""

MOST: Final = 50
"""Units, and entries, that are listed."""


class FoundEntry(NamedTuple):
    """An entry that has the text in one of its values."""

    link: Link
    kind: str
    unit: str
    """Its id and name; empty for one of no unit."""
    dated: str
    status: str
    fields: list[tuple[str, str]]
    """Label and value of the fields that have it."""


class Search(NamedTuple):
    """What a search reads, and whose entries it may show."""

    session: Session
    measures: Measures
    year: int | None
    """None where no measure is adopted."""
    position: int
    provisional: bool
    links: Links
    translate: Translator
    only: str | None
    """The unit whose entries alone are found; None for those of all units."""

    @property
    def measure(self) -> Measure | None:
        """Return the measure of the year."""
        if self.year is None:
            return None
        return self.measures.of(self.year, provisional=True).measure

    @property
    def kinds(self) -> Kinds:
        """Return the kinds of entries of the ledger."""
        return Kinds.of(self.measures)

    def unit(self, unit: Unit, state: LedgerState) -> Link:
        """Return the link to the year of a unit, or to its entry if that year does not score it.

        The unit's first id names it as it stands, whatever entry that is.
        """
        measure, root = self.measure, state.root(unit.id)
        standing = Effective(state, provisional=self.provisional).standing(root)
        if unit.id == root and standing is not None:
            now = state.entries[standing].entry
            assert isinstance(now, Unit)
            unit = now
        if measure is not None and self.year is not None and unit.type != OUTSIDE:
            span = measure.calendar.span(self.year)
            known = unit.type in measure.unit_types() and unit.is_assessed(span.first, span.last)
            if known and standing == unit.id:
                return Link(unit.name, self.links.unit(root), chinese=True)
        return Link(unit.name, self.links.entry(unit.id), chinese=True)


def search_page(search: Search, text: str) -> Page:
    """Return the results for a text, or a page that leads to what it names exactly.

    Raises:
        OptionError: the text is too long.
    """
    if len(text) > LONGEST:
        words = Message(
            "the text has {count} characters; write at most {most}", count=len(text), most=LONGEST
        )
        raise OptionError(parameter_name("q"), words)
    title = search.translate("Search: {text}", text=text) if text else search.translate("Search")
    values: dict[str, Any] = {
        "text": text,
        "clauses": [],
        "units": [],
        "more_units": 0,
        "entries": [],
        "total": 0,
        "position": search.position,
        "is_past": search.position < search.session.ledger.position(),
        "journal": search.links.to("journal", text=text) if text else None,
    }
    lead_to = ""
    if text:
        lead_to = _exact(search, text) or ""
    if text and not lead_to:
        values |= {"clauses": list(_clauses(search, text)), **_entries(search, text)}
    return Page("search.html", title, [], values, {"q": text}, "search", lead_to)


def _exact(search: Search, text: str) -> str | None:
    """Return the address of the unit, entry, objection or clause that a text names exactly."""
    for subject in dict.fromkeys((text, text.upper())):
        found = _subject(search, subject)
        if found is not None:
            return found
    clauses = [] if search.measure is None else search.measure.clauses.values()
    for clause in clauses:
        if folded(text) in {folded(clause.citation), folded(clause.slug)}:
            return search.links.clause(clause.slug)
    return _unit_named(search, text)


def _subject(search: Search, subject: str) -> str | None:
    """Return the address of an entry, a unit among them, or of an objection, by its id."""
    state, only = search.session.loader.history(subject, search.position), search.only
    if Listing(state, EntryQuery(ids={subject}, unit=only, until=search.position)).ids():
        known = state.entries[subject].entry
        if isinstance(known, Unit):
            return search.unit(known, state).href
        return search.links.entry(subject)
    objection = state.objections.get(subject)
    if objection is None or only not in {None, state.root(objection.event.unit)}:
        return None
    return search.links.entry(subject)


def _unit_named(search: Search, name: str) -> str | None:
    """Return the address of the one unit of a name."""
    try:
        unit = search.session.unit_id(name, search.position)
    except OptionError:
        return None  # of several units, which are listed
    if unit == name or search.only not in {None, unit}:
        return None
    state = search.session.loader.of_kinds(("unit",), search.position)
    entry = state.entries[unit].entry
    return search.unit(entry, state).href if isinstance(entry, Unit) else None


def _clauses(search: Search, text: str) -> Iterator[tuple[Link, str]]:
    """Yield the clauses whose citation, title, sentence, amounts or notes of law have a text.

    Each comes with the sentence that has it; empty if its heading has it.
    """
    measure, wanted = search.measure, folded(text)
    if measure is None or not wanted:
        return
    for clause in measure.clauses.values():
        notes = [note for note in measure.law if clause.slug in note.clause]
        heading = f"{clause.citation} {search.translate.bilingual(clause.title)}"
        said = [clause.sentence, *(note.note for note in notes)]
        sentences = [
            *map(search.translate.bilingual, said),
            *(words.zh for words in said),
            *(f"{one.citation} {one.said}" for one in clause.amount),
        ]
        link = Link(heading, search.links.clause(clause.slug))
        if wanted in folded(f"{heading} {clause.slug} {clause.title.zh}"):
            yield link, ""
        else:
            found = next((one for one in sentences if wanted in folded(one)), None)
            if found is not None:
                yield link, found


def _entries(search: Search, text: str) -> dict[str, Any]:
    """Return the units and the entries that have a text in a value, the newest first."""
    newest = search.session.ledger.state()
    kinds = search.kinds
    words = words_with(text, kinds)
    query = EntryQuery(text=text, words=words, unit=search.only, until=search.position)
    ids = Listing(newest, query).ids()
    units, others = list[str](), list[str]()
    for one in ids:
        (units if newest.entries[one].entry.KIND == "unit" else others).append(one)
    shown = others[: -MOST - 1 : -1]
    roots = [*dict.fromkeys(map(newest.root, units))]
    named = [*shown, *roots[:MOST]]
    state = newest
    if named and search.position < newest.position:
        state = search.session.loader.entries(ids=named, to=search.position)
    listing, wanted, names = Listing(state, EntryQuery()), TextSearch(text), names_of(newest)
    return {
        "units": list(_units(search, state, roots[:MOST])),
        "more_units": max(0, len(roots) - MOST),
        "entries": [
            _row(search, listing.entry(one), kinds, (wanted, words), names) for one in shown
        ],
        "total": len(others),
    }


def _units(search: Search, state: LedgerState, roots: Sequence[str]) -> Iterator[tuple[str, Link]]:
    """Yield the units with these first ids: id, and name with the link to the year."""
    effective = Effective(state, provisional=search.provisional)
    for root in roots:
        entry = state.entries[effective.standing(root) or effective.referred(root)].entry
        if isinstance(entry, Unit):
            yield root, search.unit(entry, state)


def _row(
    search: Search,
    one: ListedEntry,
    kinds: Kinds,
    wanted: tuple[TextSearch, ShownWords],
    names: Mapping[str, str],
) -> FoundEntry:
    translate, entry = search.translate, one.state.entry
    content = entry.content()
    words = zip(content.items(), field_words(content, kinds), strict=True)
    return FoundEntry(
        Link(entry.id, search.links.entry(entry.id)),
        translate.kind(kinds, entry.KIND),
        "" if one.unit is None else f"{one.unit} {names.get(one.unit, '')}".strip(),
        "" if one.dated is None else one.dated.isoformat(),
        translate.term(one.status),
        [
            (translate(label), translate(value))
            for (name, raw), (label, value) in words
            if name not in {"kind", "id", "unit"}
            and (wanted[0].is_in_value(raw) or wanted[1].has(entry.KIND, name, raw))
        ],
    )
