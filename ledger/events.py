"""The domain events, named in the past tense: what the ledger keeps for ever.

One aggregate an entry: its originator id is the entry's own id, recording is version 1,
return (退回), verification (核定) and reversal (冲销) are the next. Publications, objections and
the adoptions of a year's measure are aggregates of their own, under ids with a colon, which no
entry's id contains.
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Generic, Literal, TypeVar

from ledger.adoptions import measure_sha256
from ledger.declared import Declared
from ledger.entries.base import Entry
from ledger.fields import (
    Account,
    EntryId,
    Instant,
    PublicKey,
    Sha256,
    Signature,
    Text,
    Year,
)
from ledger.instants import instant_of
from ledger.message import Message
from ledger.vocabulary import FIRST_YEAR, LAST_YEAR

AnEntry = TypeVar("AnEntry", bound=Entry)

PUBLICATION, OBJECTION, ADOPTION, ASIDE = "publication:", "objection:", "measure:", "aside:"
"""Prefixes of the originator ids of publications, objections, adoptions of a year's measure, and
of the setting aside of a position."""

ACCOUNT, SIGNED = "account:", "signed:"
"""Prefixes of the originator ids of accounts, by folded name, and of the signatures of appends, by
the position of their first row."""

ADOPTION_IDS = tuple(f"{ADOPTION}{year}" for year in range(FIRST_YEAR + 1, LAST_YEAR + 1))
"""Every originator id that adoptions can have: one a year."""

Figures = tuple[dict[str, Any], ...]
"""For each unit a period and its flags, as the contract's `score` has them."""

_NAMES = ("unit", "name", "period")


def acceptance_id(lost: int, leaf: bytes) -> str:
    """Return the originator id of the acceptance of an earlier copy of the ledger.

    Args:
        lost: the last position that was acknowledged.
        leaf: the hash of the leaf that was there (`ledger/integrity/leaves.py`).
    """
    return f"copy:{lost}:{leaf.hex()}"


class Event(Declared, frozen=True, kw_only=True):
    """An event of one aggregate, without the columns of its row."""

    NAME: ClassVar[str]

    class_version: int = 1
    at: Instant
    by: Account


class EntryRecorded(Event, Generic[AnEntry], frozen=True, kw_only=True):
    """An entry was recorded; its topic is that of its kind."""

    NAME: ClassVar[str] = "recorded"

    import_number: int | None = None
    """Of all that was recorded in one append: the position of the first of it."""
    entry: AnEntry


class EntryVerified(Event, frozen=True, kw_only=True):
    """The office verified an entry or an adoption (核定) under another name than its recorder's."""

    NAME: ClassVar[str] = "verified"


class EntryReversed(Event, frozen=True, kw_only=True):
    """An entry was taken back by a reversal, which counts once it is verified itself."""

    NAME: ClassVar[str] = "reversed"

    by_entry: EntryId
    reason: Text


class Statement(Event, frozen=True, kw_only=True):
    """A statement of the office or a unit; checked when decoded too, since there are few."""

    def __post_init__(self) -> None:
        """Refuse a malformed time and an empty reason."""
        instant_of(self.at)
        if getattr(self, "reason", None) == "":
            raise ValueError(Message("its reason is empty"))


class FiguresPublished(Statement, frozen=True, kw_only=True):
    """The office published a period's figures (季度通报, 四.2): one edition of the bulletin."""

    NAME: ClassVar[str] = "published"

    class_version: int = 2
    period: str
    """As 2016Q2."""
    position: int
    """Of the last event that the figures count."""
    through: date
    """The day at whose close they are seen."""
    figures: Figures
    reason: Text | None = None
    """Why an edition replaces the one before it; None for the first."""
    checkpoint: str | None = None
    """The signed checkpoint of the ledger at that position, where there is a key."""
    to_verify: bool = False
    """Whether the edition is in force only once a second person has verified it (核定).

    Those published before this was asked are in force without.
    """

    def __post_init__(self) -> None:
        """Refuse figures that lack a unit's name, points or flags."""
        Statement.__post_init__(self)
        if not all(map(_is_complete, self.figures)):
            raise ValueError(Message("figures that say too little of a unit"))


def _is_complete(figure: dict[str, Any]) -> bool:
    """Return whether a figure has a unit's names, points by section, and flags."""
    points = [figure.get("score")]
    for name in ("sections", "beside"):
        found = figure.get(name)
        if not isinstance(found, dict):
            return False
        points += found.values()
    flags = figure.get("flags")
    return (
        all(isinstance(figure.get(name), str) for name in _NAMES)
        and isinstance(figure.get("eligible"), bool)
        and isinstance(flags, list)
        and all(isinstance(flag, str) for flag in flags)
        and all(map(_is_number, points))
    )


class EntryReturned(Statement, frozen=True, kw_only=True):
    """A verifier sent an unverified entry back to who recorded it (退回)."""

    NAME: ClassVar[str] = "returned"

    reason: Text


class EditionVerified(Statement, frozen=True, kw_only=True):
    """A second person verified an edition (核定): from then on it is in force."""

    NAME: ClassVar[str] = "verified"

    edition: int


class EditionWithdrawn(Statement, frozen=True, kw_only=True):
    """The office withdrew an edition: what was in force before it is in force again."""

    NAME: ClassVar[str] = "withdrawn"

    edition: int
    reason: Text


class ObjectionRaised(Statement, frozen=True, kw_only=True):
    """A unit objected to an entry or to a posting."""

    NAME: ClassVar[str] = "objected"

    unit: EntryId
    entry: EntryId | None = None
    """The entry objected to; or else"""
    period: str | None = None
    clause: str | None = None
    """the posting objected to: of a clause in a quarter (2016Q2) or year (2016)."""
    reason: Text


class ObjectionDecided(Statement, frozen=True, kw_only=True):
    """The office decided an objection."""

    NAME: ClassVar[str] = "decided"

    outcome: Literal["upheld", "dismissed"]
    reason: Text


class MeasureAdopted(Statement, frozen=True, kw_only=True):
    """The office adopted a measure for an assessment year; the event holds the whole measure."""

    NAME: ClassVar[str] = "adopted"

    year: Year
    measure: EntryId
    """The measure's id, as qianlianghu-2016."""
    sha256: str
    """Of the content, as `measure_sha256` computes it."""
    content: dict[str, str]
    """The texts of its files, by name relative to its folder."""
    basis: Text
    """The document by which the office adopted it."""
    founding: bool = False
    """Whether it was adopted as the ledger was made: in force at once, since no entry exists."""

    def __post_init__(self) -> None:
        """Refuse content of which the event states another sum."""
        Statement.__post_init__(self)
        if self.sha256 != measure_sha256(self.content):
            raise ValueError(Message("its sha256 is not that of its content"))


class AdoptionWithdrawn(Statement, frozen=True, kw_only=True):
    """The office withdrew the last adoption of a year before anybody had verified it."""

    NAME: ClassVar[str] = "withdrawn"

    reason: Text


class RowSetAside(Statement, frozen=True, kw_only=True):
    """The office set a damaged position aside; it is left out once a second person verified it."""

    NAME: ClassVar[str] = "set aside"

    position: int
    """Of the row that is left out."""
    sha256: Sha256
    """Hash of the row's leaf as it was found (`ledger/integrity/leaves.py`), in hexadecimal."""
    reason: Text


class EarlierCopyAccepted(Statement, frozen=True, kw_only=True):
    """The office went on from an earlier copy of the ledger: what followed it is lost."""

    NAME: ClassVar[str] = "accepted"

    lost: int
    """The last position that was acknowledged; the copy ended before it, or went on otherwise."""
    reason: Text


Role = Literal["clerk", "verifier", "auditor", "unit"]
"""What an account may append: `RIGHTS` in `ledger/account_proofs.py`."""


class AccountOpened(Statement, frozen=True, kw_only=True):
    """An account was opened: from the first one on, appends are signed by accounts."""

    NAME: ClassVar[str] = "opened"

    name: Account
    role: Role
    unit: EntryId | None = None
    """Of the role `unit`: the unit for which it objects."""
    public: PublicKey
    login: Account | None = None
    """The PostgreSQL role that it appends by, if it is bound to one."""

    def __post_init__(self) -> None:
        """Refuse a unit's account without a unit, and another's with one."""
        Statement.__post_init__(self)
        if (self.role == "unit") != (self.unit is not None):
            raise ValueError(Message("an account of the role unit has a unit, and no other has"))


class AccountClosed(Statement, frozen=True, kw_only=True):
    """An account was closed: it appends nothing from then on."""

    NAME: ClassVar[str] = "closed"

    reason: Text


class AccountKeyReset(Statement, frozen=True, kw_only=True):
    """An account was given another key; what the old one signed stays as it is."""

    NAME: ClassVar[str] = "reset"

    public: PublicKey
    reason: Text


class AppendSigned(Statement, frozen=True, kw_only=True):
    """The account that made an append signed it: the last event of each append."""

    NAME: ClassVar[str] = "signed"

    first: int
    """Position of the first event of the append."""
    rows: int
    """Number of its events before this one."""
    before: Sha256
    """Hash of the leaf (`ledger/integrity/leaves.py`) directly before them; where they open the
    first account, the Merkle root of all that stands before."""
    leaves: Sha256
    """SHA-256 over the hashes of their leaves, one after another."""
    key: str
    """Id of the key (`key_id` in `ledger/account_proofs.py`)."""
    signature: Signature


def _is_number(text: object) -> bool:
    try:
        return isinstance(text, str) and Decimal(text).is_finite()
    except InvalidOperation:
        return False
