"""What a page of the desk is made of: who may open it, what it shows, what its form does."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from cli.output.times import office_time
from cli.pages.views.page import PageContext
from ledger.instants import instant_text
from ledger.kinds import Kinds
from ledger.vocabulary import OFFICE_TIME
from projections.adopted import Measures
from projections.query import ScoreQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from starlette.datastructures import UploadFile

    from cli.desk.kept import Kept
    from cli.desk.sessions import SignedIn
    from cli.language.translating import Translator
    from cli.pages.books import Books
    from cli.pages.links import ServerLinks
    from cli.pages.views.page import Page
    from cli.pages.year_data import YearData
    from cli.session import Session
    from ledger.accounts import AccountState
    from ledger.application import Ledger
    from ledger.errors import Refusal
    from ledger.events import Role
    from ledger.message import Message
    from ledger.state import EventRef
    from projections.measure import Measure

OFFICE: Final[frozenset[Role]] = frozenset({"clerk", "verifier", "auditor"})
"""Roles of those who see all units."""

EVERYBODY: Final[frozenset[Role]] = OFFICE | {"unit"}

RECORDERS: Final[frozenset[Role]] = frozenset({"clerk", "verifier"})
"""Roles of those who may record (`RIGHTS` in `ledger/account_proofs.py`)."""

VERIFIERS: Final[frozenset[Role]] = frozenset({"verifier"})


class Given(Struct, frozen=True):
    """What a request gives: parameters of the address, and of a form its fields and files."""

    parameters: Mapping[str, str]
    fields: Mapping[str, Sequence[str]] = {}
    files: Mapping[str, Sequence[UploadFile]] = {}
    refusals: Sequence[Refusal] = ()
    """Why the form was refused that is shown again."""
    message: Sequence[str] = ()
    """The same in sentences."""
    origin: str = ""
    """Where the browser reached the desk: https://office.example."""

    def refused(self, refusals: Sequence[Refusal], message: Sequence[str]) -> Given:
        """Return the same with why it was refused."""
        return replace(self, refusals=refusals, message=message)

    def text(self, name: str) -> str:
        """Return the value of a field, or else of a parameter, without outer blanks."""
        values = self.fields.get(name) or [self.parameters.get(name, "")]
        return values[0].strip()

    def texts(self, name: str) -> list[str]:
        """Return all values of a field that are not empty."""
        return [value.strip() for value in self.fields.get(name, ()) if value.strip()]


class Done(NamedTuple):
    """A form was carried out: the address to go on from, and what to say there."""

    to: str
    notices: Sequence[Message] = ()


DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""Media type of a Word document."""


class Attachment(NamedTuple):
    """A file to be saved, in place of a page."""

    name: str
    media: str
    content: bytes


class Desk:
    """Context of a page of the desk; what it shows is as known now."""

    def __init__(
        self,
        books: Books,
        kept: Kept,
        account: AccountState,
        signed_in: SignedIn,
        links: ServerLinks,
        translate: Translator,
        year: int | None = None,
    ) -> None:
        """Take what a request was made of.

        Args:
            books: the open ledger.
            kept: what the server remembers.
            account: who is signed in.
            signed_in: the session.
            links: addresses of pages.
            translate: into the language of the page.
            year: the assessment year; by default the latest recorded.
        """
        self.books, self.kept = books, kept
        self.account, self.signed_in = account, signed_in
        self.links, self.translate, self._year = links, translate, year

    @property
    def session(self) -> Session:
        """Return the open session, which this thread alone uses."""
        return self.books.session

    @property
    def ledger(self) -> Ledger:
        """Return the ledger."""
        return self.session.ledger

    @cached_property
    def data(self) -> YearData:
        """Return the scores of the year.

        Raises:
            TallyError: the year cannot be scored; pages that mend it must not ask for this.
        """
        return self.books.year_data(ScoreQuery(self.year))

    @cached_property
    def context(self) -> PageContext:
        """Return the context of views that show scores; raises as `data`."""
        return PageContext(self.data, self.links, self.translate)

    @cached_property
    def measures(self) -> Measures:
        """Return the measures that were adopted, by year."""
        return Measures(self.session.adopted().adoptions)

    @cached_property
    def kinds(self) -> Kinds:
        """Return the kinds of entries under the measures adopted by now."""
        return Kinds.of(self.measures)

    @property
    def year(self) -> int:
        """Return the year that is shown: the one asked for, today's, or the latest."""
        if self._year is not None:
            return self._year
        years = self.measures.years(provisional=True)
        today = self.measures.year_of(self.today)
        return today if today is not None else max(years, default=self.today.year)

    @cached_property
    def measure(self) -> Measure:
        """Return the measure in force in the year.

        Raises:
            NoMeasureError: there is none.
        """
        return self.measures.of(self.year).measure

    def when(self, ref: EventRef) -> str:
        """Return when an event happened, and by whom, in the words of the page."""
        at = office_time(instant_text(ref.at))
        return self.translate("{at} by {by}", at=at, by=ref.by)

    @property
    def by(self) -> str:
        """Return the name of the account; `by` of all that it appends."""
        return self.account.name

    @property
    def role(self) -> Role:
        """Return the role of the account."""
        return self.account.event.role

    @property
    def now(self) -> datetime:
        """Return the time of the server, in UTC."""
        return datetime.now(UTC)

    @property
    def today(self) -> date:
        """Return the day of the server at the office (UTC+08:00)."""
        return self.now.astimezone(OFFICE_TIME).date()


class Work(NamedTuple):
    """A page of the desk, or a form without a page of its own."""

    path: str
    show: Callable[[Desk, Given], Page | Attachment]
    """Makes the page; also after a refusal, with the form's fields and what was refused."""
    act: Callable[[Desk, Given], Done | Page | Attachment] | None = None
    """Carries the form out; raises `TallyError` if it is refused. A page is a further step."""
    readers: frozenset[Role] = OFFICE
    actors: frozenset[Role] = frozenset()
    takes_papers: bool = False
    """Whether papers may be attached to its form, that of an entry."""


def address(path: str, **parameters: str) -> str:
    """Return an address within the desk, for `Done`."""
    return f"{path}?{urlencode(parameters)}" if parameters else path
