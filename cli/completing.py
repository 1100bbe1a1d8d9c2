"""Values that the shell completes: read from a ledger, without its read model, nothing written."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import click
    from click.shell_completion import CompletionItem

    from cli.measured import LedgerMeasure
    from ledger.reader import LedgerReader
    from ledger.stores import Store
    from projections.adopted import Measures

    Items = list[CompletionItem[str]]

_MOST = 100
"""Ids that are listed; of more, what they begin with."""

_RECENT = 500
"""Events whose accounts are offered."""


def units(ctx: click.Context, given: str) -> Items:
    """Complete a unit by its id, or by its name where one unit alone has it."""
    from ledger.units import standing_units  # noqa: PLC0415 - not for --help

    with _reader(ctx) as reader:
        found = standing_units(reader.state_of_kinds(["unit"], reader.position()))
    names = [name for _, name in found]
    return [
        *beginning(given, found),
        *(beginning(given, ((n, one) for one, n in found if names.count(n) == 1)) if given else []),
    ]


def entries(ctx: click.Context, given: str) -> Items:
    """Complete the id of an entry, of a bulletin (2016Q2) or of a measure (measure:2016).

    Of very many ids, those parts are offered by which they differ next.
    """
    from ledger.state import LedgerState  # noqa: PLC0415 - not for --help

    with _reader(ctx) as reader:
        ids = list(_branches(reader.store, given))
        state = LedgerState().fold(reader.store.rows_of(ids), partial=True)
    about = {
        one.entry.id: f"{one.entry.KIND} {getattr(one.entry, 'unit', '')}".strip()
        for one in state.entries.values()
    }
    return [item(one, about.get(one)) for one in ids]


def _branches(store: Store, given: str) -> Iterator[str]:
    """Yield the ids that begin with a text; of more than `_MOST`, the parts where they branch.

    Each part takes two look-ups in the index of ids, however many there are.
    """
    end = _behind(given)
    ids = store.ids_between(given, end, _MOST + 1)
    if len(ids) <= _MOST:
        yield from ids
        return
    parts, low = list[str](), given
    while len(parts) <= _MOST and (first := store.ids_between(low, end, 1)):
        if first[0] == given:
            low = f"{given}\x01"
        else:
            begun = first[0][: len(given) + 1]
            low = _behind(begun)
            first += store.ids_between(begun, low, 1, last=True)
        parts.append(_shared(first[0], first[-1]))
    if len(parts) > 1:
        yield from parts
    else:
        yield from _branches(store, parts[0])


def _shared(one: str, other: str) -> str:
    """Return what two texts begin with."""
    same = (a == b for a, b in zip(one, other, strict=False))
    return one[: next((n for n, equal in enumerate(same) if not equal), min(len(one), len(other)))]


def _behind(prefix: str) -> str:
    """Return the first text after all that begin with another."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1) if prefix else "\U0010ffff"


def kinds(ctx: click.Context, given: str) -> Items:
    """Complete a kind of entries, or its Chinese title."""
    from cli.measured import built_in_measure  # noqa: PLC0415 - not for --help
    from ledger.errors import NotALedgerError  # noqa: PLC0415

    try:
        known = measure_adopted(_url(ctx)).kinds
    except NotALedgerError:
        known = built_in_measure().kinds
    return titled(given, {one: str(known.title(one)) for one in known})


def years(ctx: click.Context, given: str) -> Items:
    """Complete a year that has a measure."""
    return beginning(given, ((str(year), None) for year in _measures(_url(ctx)).years()))


def periods(ctx: click.Context, given: str) -> Items:
    """Complete a period of a year that has a measure, or the year, with its days."""
    measures = _measures(_url(ctx))
    found = list[tuple[str, str | None]]()
    for year in measures.years():
        calendar = measures.of(year).measure.calendar
        found += [(one.name, f"{one.first} – {one.last}") for one in calendar.periods(year)]
        found.append((str(year), None))
    return beginning(given.upper(), found)


def adoptions(ctx: click.Context, given: str) -> Items:
    """Complete a period, or the name of the adoptions of a year's measure."""
    from ledger.events import ADOPTION  # noqa: PLC0415 - not for --help

    years = _measures(_url(ctx)).years(provisional=True)
    named = ((f"{ADOPTION}{year}", None) for year in years)
    return [*periods(ctx, given), *beginning(given, named)]


def accounts(ctx: click.Context, given: str) -> Items:
    """Complete the name of somebody who acted lately."""
    with _reader(ctx) as reader:
        rows = reader.store.rows(max(reader.position() - _RECENT, 0))
        names = {json.loads(state).get("by"): None for *_, state in rows}
    return beginning(given, ((name, None) for name in sorted(filter(None, names))))


def measures_or_folders(ctx: click.Context, given: str) -> Items:
    """Complete a measure that ships with the program, or a folder."""
    from projections.measure.folder import shipped  # noqa: PLC0415 - not for --help

    del ctx
    shipping = ((one, None) for one in shipped())
    return [*beginning(given, shipping), item(given, kind="dir")]


def files(ctx: click.Context, given: str) -> Items:
    """Complete a file."""
    del ctx
    return [item(given, kind="file")]


def flags(ctx: click.Context, given: str) -> Items:
    """Complete yes or no."""
    del ctx
    return titled(given, {"true": "是", "false": "否"})


def titled(given: str, titles: dict[str, str]) -> Items:
    """Complete a code, or else its Chinese."""
    codes = beginning(given, titles.items())
    return codes or beginning(given, ((title, code) for code, title in titles.items()))


def measure_adopted(url: str) -> LedgerMeasure:
    """Return the measure of the last year that has one; reads the adoptions alone, and no units.

    Raises:
        TallyError: there is no ledger, or it cannot be read.
    """
    from cli.measured import LedgerMeasure  # noqa: PLC0415 - not for --help
    from ledger.kinds import Kinds  # noqa: PLC0415

    measures = _measures(url)
    year = measures.years(provisional=True)[-1]
    measure, _ = measures.of(year, provisional=True)
    return LedgerMeasure(measure, year, Kinds.of(measures), measures.entry_kinds(), [])


def _measures(url: str) -> Measures:
    from ledger.state import adopted  # noqa: PLC0415 - not for --help
    from ledger.stores import open_store  # noqa: PLC0415
    from projections.adopted import Measures  # noqa: PLC0415

    with closing(open_store(url)) as store:
        return Measures(adopted(store, store.position()).adoptions)


@contextmanager
def _reader(ctx: click.Context) -> Iterator[LedgerReader]:
    """Open the ledger that the command line names."""
    from ledger.reader import LedgerReader  # noqa: PLC0415 - not for --help
    from ledger.stores import open_store  # noqa: PLC0415

    with closing(open_store(_url(ctx))) as store:
        yield LedgerReader(store, lambda: None)


def _url(ctx: click.Context) -> str:
    from cli.options import chosen_url  # noqa: PLC0415 - it declares options with these values

    return chosen_url(ctx, ctx.params.get("url"))


def beginning(given: str, values: Iterable[tuple[str, str | None]]) -> Items:
    """Return those values, each with a help, that begin with a text."""
    return [item(one, words) for one, words in values if one.startswith(given)]


def item(value: str, words: str | None = None, kind: str = "plain") -> CompletionItem[str]:
    """Return a value to offer, with its help."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - only for a shell

    return CompletionItem(value, type=kind, help=words)
