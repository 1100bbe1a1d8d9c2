"""Years of the ledger as pages show them, kept between requests and never stale."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import ExitStack, closing
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cli.editions import side
from cli.pages.computing import Computation
from cli.pages.year_data import YearData
from cli.session import session as session_of
from ledger.integrity.keys import load_verifiers
from ledger.integrity.proof import ProvenTree, proven_tree
from ledger.message import Message
from ledger.read_model.index import anchor_at
from ledger.stores import open_store
from projections.query import ScoreQuery

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from cli.parameters.times import EditionName
    from cli.session import Session
    from ledger.editions import Edition

KEPT = 6
"""Years that are kept in memory; a process of 2,000 units takes some 500 MB."""

PATIENCE = 1.0
"""Seconds that a page waits for what is computed beside it, before it says how far that is."""

Key = TypeVar("Key")
Kept = TypeVar("Kept")
Computed = TypeVar("Computed")


class Point(NamedTuple):
    """A position, and whether it was the ledger's last one: others never change."""

    newest: bool
    position: int


class Books:
    """An open ledger, with what pages have computed of it so far."""

    def __init__(self, session: Session, *, waits: bool = False) -> None:
        """Answer from an open session, which one thread at a time may use.

        Args:
            session: the session.
            waits: whether pages wait for all that they show, however long it takes.
        """
        self._turn = None if waits else Lock()
        self._short_turn = None if waits else Lock()
        self._tree: tuple[tuple[int, str] | None, Computation[ProvenTree]] | None = None
        self._latest: OrderedDict[Point, int] = OrderedDict()
        self._views: OrderedDict[tuple[Point, int, date | None, bool], YearData] = OrderedDict()
        self._reopened = ExitStack()
        self._read(session)

    def _read(self, session: Session) -> None:
        """Begin with a session, and note by what its ledger is known."""
        self._session, self._loader = session, session.loader
        self._forget()
        self._file = session.ledger.store.file_identity
        self._follow(session.ledger.position())

    def _forget(self) -> None:
        """Drop what was computed: by default it is through the day of its computation."""
        self._latest.clear()
        for key in [*self._views]:
            self._views.pop(key).abandon()
        self._forget_tree()
        self._day = self._loader.today()

    def _forget_tree(self) -> None:
        if self._tree is not None:
            self._tree[1].abandon()
        self._tree = None

    def _follow(self, head: int) -> None:
        self._head, self._anchor = head, anchor_at(self._session.ledger.store, head)

    @property
    def session(self) -> Session:
        """Return the open session; another one once another ledger took the place of this."""
        return self._session

    @property
    def url(self) -> str:
        """Return the URL of the ledger, beside which keys, papers and drafts are kept."""
        assert self._session.url is not None, "a session of commands and pages has its URL"
        return self._session.url

    def is_replaced(self) -> bool:
        """Return whether another ledger is at the URL now: another file, or other events."""
        store = self._session.ledger.store
        return (
            store.file_identity != self._file
            or store.position() < self._head
            or anchor_at(store, self._head) != self._anchor
        )

    def catch_up(self) -> None:
        """Follow the ledger; drop what was computed from an earlier newest state.

        A ledger that took the place of another one is read anew.

        Raises:
            NotALedgerError: there is none any more.
        """
        if self.is_replaced():
            self._reopened.close()
            self._read(self._reopened.enter_context(session_of(self.url)))
        if self._loader.today() != self._day:
            self._forget()
        head = self._session.ledger.position()
        if head != self._head:
            self._follow(head)
            for key in [key for key in self._latest if key.newest]:
                del self._latest[key]
            for view in [view for view in self._views if view[0].newest]:
                self._views.pop(view).abandon()

    def point(self, as_of: int | datetime | None, option: str) -> Point:
        """Return the state that a position or a recorded time means, once caught up.

        Raises:
            OptionError: the position lies beyond the ledger's end.
        """
        position = self._session.at(as_of, option)
        return Point(True, self._head) if position in {None, self._head} else Point(False, position)

    def side(self, named: int | datetime | EditionName) -> int | datetime | EditionName:
        """Return a side of a comparison; see `cli.editions.side`."""
        return side(self._session, named)

    def latest(self, point: Point) -> int:
        """Return the latest year with a measure in which an entry counts."""
        return _keep(self._latest, point, lambda: self._loader.latest_year(point.position))

    def editions(self, period: str, point: Point) -> list[Edition]:
        """Return the published editions of a period as known in a state."""
        return self._loader.history(period, point.position).editions.get(period, [])

    def year_data(self, query: ScoreQuery) -> YearData:
        """Return the year and the state that a query asks for.

        Raises:
            OptionError: the position lies beyond the ledger's end.
        """
        self.catch_up()
        point = self.point(query.as_of, Message("as known on"))
        return self.year_data_at(point, query.year, query.through, provisional=query.provisional)

    def year_data_at(
        self, point: Point, year: int | None, until: date | None, *, provisional: bool
    ) -> YearData:
        """Return a year in a state; the latest one and its last day unless given.

        Raises:
            NoMeasureError: the year has no measure in force.
        """
        chosen = self.latest(point) if year is None else year

        def make() -> YearData:
            query = ScoreQuery(chosen, until, point.position, provisional=provisional)
            scored = self._loader.scores(query, postings=True, since=0)
            return YearData(self._session, scored, provisional=provisional, begin=self._begin)

        data = _keep(self._views, (point, chosen, until, provisional), make, YearData.abandon)
        data.head = self._head
        return data

    def proven_tree(self) -> Computation[ProvenTree]:
        """Return the tree of the last checkpoint, once caught up; kept until there is another."""
        kept = self._session.ledger.store.checkpoints.kept()
        last = kept[-1] if kept else None
        if self._tree is None or self._tree[0] != last or self._tree[1].has_failed():
            self._forget_tree()
            self._tree = last, Computation(partial(_proven_tree, self.url), self._short_turn)
        return self._tree[1]

    def _begin(self, compute: Callable[[], Computed], is_short: bool) -> Computation[Computed]:
        return Computation(compute, self._short_turn if is_short else self._turn)


def _proven_tree(url: str) -> ProvenTree:
    """Return the tree of the last checkpoint, read by a connection of its own."""
    with closing(open_store(url)) as store:
        return proven_tree(store, load_verifiers(url))


def _keep(
    kept: OrderedDict[Key, Kept],
    key: Key,
    make: Callable[[], Kept],
    drop: Callable[[Kept], None] = lambda _: None,
) -> Kept:
    """Return what is kept under a key, or make it; the one unused for longest is dropped."""
    if key not in kept:
        kept[key] = make()
        while len(kept) > KEPT:
            drop(kept.popitem(last=False)[1])
    kept.move_to_end(key)
    return kept[key]
