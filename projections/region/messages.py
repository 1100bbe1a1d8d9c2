"""The typed messages between whoever asks about many towns and whoever folds them."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - msgspec decodes by the types
from typing import Any

import msgspec
from msgspec import Struct


class YearQuestion(Struct, frozen=True, omit_defaults=True):
    """What every question about a year of a town says."""

    today: date
    """The asker's day, so that the answer does not depend on the folder's clock."""
    year: int | None = None
    """Assessment year; None for the latest one that the ledger has come to."""
    through: date | None = None
    """The last day that counts; None for the year's last day, or today."""
    as_of: datetime | None = None
    """What was recorded by then counts; None for all up to the position of the task."""
    provisional: bool = False
    """Whether unverified entries count too."""


class ScoreQuestion(YearQuestion, frozen=True, tag="score"):
    """Ask for the scores and ranks of the town's units."""


class EditionQuestion(ScoreQuestion, frozen=True, tag="edition"):
    """Ask for the scores, and for the root of the events that they rest on."""


class ReformQuestion(YearQuestion, frozen=True, kw_only=True, tag="reform"):
    """Ask what a draft measure would change."""

    draft: bytes
    """The files of the draft that scoring reads, as `projections.region.draft` packs them."""
    draft_sha256: str
    """Of the whole draft."""


class MissingQuestion(YearQuestion, frozen=True, tag="missing"):
    """Ask what the town's units owe, and which of its bulletins are due."""


class DiffQuestion(YearQuestion, frozen=True, kw_only=True, tag="diff"):
    """Ask which scores, ranks and flags changed since a time, or since an edition."""

    since: datetime | None = None
    """What was recorded by then is compared; without it `Task.since` says up to where."""
    edition: str | None = None
    """The root of the region's edition whose positions `Task.since` holds."""
    published_through: date | None = None
    """The last day that counted in the edition; None for the year's last, or `published_on`."""
    published_on: date | None = None
    """The day on which the edition was made."""


class CheckQuestion(Struct, frozen=True, tag="check"):
    """Ask for a check of the whole ledger."""


class NoQuestion(Struct, frozen=True, tag="nothing"):
    """Ask nothing and read nothing, to measure the engine alone."""


Question = (
    ScoreQuestion
    | EditionQuestion
    | ReformQuestion
    | MissingQuestion
    | DiffQuestion
    | CheckQuestion
    | NoQuestion
)


def is_proof(question: Question) -> bool:
    """Return whether the ledger's bytes are read each time, and no answer to it is kept."""
    if isinstance(question, DiffQuestion):
        return question.edition is not None
    return isinstance(question, CheckQuestion | EditionQuestion)


class Task(Struct, frozen=True, array_like=True):
    """One town to be folded; it never holds a password."""

    program: str
    """SHA-256 of the program's code, as `code_hash`: other code must not answer."""
    town: str
    """The division code of the town (行政区划代码)."""
    url: str
    """Of the town's ledger, without a password."""
    position: int
    """The position up to which it is folded."""
    question: Question
    since: int | None = None
    """The position that a `DiffQuestion` starts from, where each town has its own."""


class Words(Struct, frozen=True, tag="words"):
    """A `Message`: its template, and its values by name."""

    template: str
    values: dict[str, Any] = {}


class Listed(Struct, frozen=True, tag="listed"):
    """A `Series` of values, or one of its subclasses, which say how they are joined."""

    joined: str
    values: tuple[Any, ...] = ()


class Fault(Struct, frozen=True):
    """Why a town was not folded: a class of errors, and its sentences as data."""

    kind: str
    """The name of the class, as `DamagedLedgerError`."""
    sentences: tuple[Any, ...]
    """Each a text or `Words`."""


class UnitStanding(Struct, frozen=True, array_like=True):
    """One unit's year: points as decimal text."""

    unit: str
    name: str
    rank: int | None
    """In the town."""
    total: str
    flags: tuple[str, ...]
    eligible: bool
    band: str | None = None
    open: int = 0
    """Number of open points."""
    within: str = ""
    """The group or type of units that it is ranked among; empty for all."""
    behind: bool = False
    """Whether it ranks behind all others, for a flag."""


class TownScores(Struct, frozen=True, tag="score"):
    """The standing of a town's units; towns are comparable under one measure and readings."""

    year: int
    through: date
    measure: str
    measure_sha256: str
    readings: dict[str, str]
    units: tuple[UnitStanding, ...]
    remarks: tuple[Any, ...] = ()
    """Sentences that concern the figures, each a text or `Words`, as `tally score` says them."""


class UnitMove(Struct, frozen=True, array_like=True):
    """A unit whose year differs between two scores of its town."""

    before: UnitStanding | None
    """None if it was not there."""
    after: UnitStanding | None
    fields: tuple[str, ...]
    """What differs, by the names of `unit_json`: `total`, `rank`, `flags`, `periods`."""


class TownMoves(Struct, frozen=True, tag="moves"):
    """The units of a town that differ between two measures or two times."""

    year: int
    through: date
    measure: str
    """In force after; of a reform, in force now."""
    measure_sha256: str
    units: int
    """How many there are before or after."""
    moves: tuple[UnitMove, ...]
    """In the order of the ranks after."""
    rescaled: bool = False
    """Of a reform: whether opening or full points of the measures, or their unit, differ."""
    root: str | None = None
    """Of the events up to the position of the region's edition, if one was named, as base64."""


class UnitOwing(Struct, frozen=True, array_like=True):
    """How many reports and numbers one unit owes."""

    unit: str
    late: int
    missing: int
    due: int
    """Within a month."""


class PeriodDue(Struct, frozen=True, array_like=True):
    """A period or year that is over and has no bulletin in force."""

    period: str
    last: date
    awaiting: int | None
    """The number of an edition that awaits verification."""


class TownMissing(Struct, frozen=True, tag="missing"):
    """What is owed in a town on a day."""

    year: int
    through: date
    measure: str
    measure_sha256: str
    counts: dict[str, int]
    """Obligations by state: `in`, `late`, `missing`, `due`."""
    units: tuple[UnitOwing, ...]
    """Those that owe something."""
    bulletins: tuple[PeriodDue, ...]
    assessed: int = 0
    """How many units count in the year."""


class TownEdition(Struct, frozen=True, tag="edition"):
    """What an edition of the region says of a town."""

    root: str
    """The Merkle root of the events up to the position, as base64."""
    scores: TownScores


class TownCheck(Struct, frozen=True, tag="check"):
    """What a check of a whole ledger found; no findings: it is proved whole."""

    root: str
    """The Merkle root of the events, as base64."""
    findings: tuple[Any, ...]
    """Sentences, each a text or `Words`."""
    size: int = 0
    """Events read."""
    lacks_key: bool = False
    """Whether nothing is found but signatures that no public key is there to verify."""


class Nothing(Struct, frozen=True, tag="nothing"):
    """The answer to no question."""


Value = TownScores | TownEdition | TownMoves | TownMissing | TownCheck | Nothing


class Answer(Struct, frozen=True, array_like=True):
    """What came of a task: a value or a fault."""

    program: str
    """SHA-256 of the code that answered."""
    town: str
    """Of the task; empty if that could not be decoded."""
    position: int
    value: Value | None = None
    fault: Fault | None = None


encode = msgspec.msgpack.Encoder().encode
decode_task = msgspec.msgpack.Decoder(Task).decode
decode_answer = msgspec.msgpack.Decoder(Answer).decode
