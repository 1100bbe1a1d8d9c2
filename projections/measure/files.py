"""Parse the files of a measure's folder; refuse what does not have their form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import fields, replace

from ledger.message import Message, Series
from projections.measure.converting import (
    UnsoundMeasureError,
    toml,
    without_faults,
)
from projections.measure.head import (
    Adding,
    Band,
    Batches,
    CalendarData,
    FlagData,
    LawNote,
    Period,
    Rank,
    Scale,
    Section,
    Sentence,
    Source,
    Units,
)
from projections.measure.model import Clause, MeasureData, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEASURE, CLAUSES, ENTRIES, TEXT, SENTENCES, CASES, LAW = (
    "measure.toml",
    "clauses/",
    "entries.toml",
    "text.txt",
    "sentences.toml",
    "cases/",
    "law.toml",
)
"""The files and folders that a measure may have."""

LEFT_ASIDE = ("~", ".bak", ".md")
"""How the names of files end that are not read."""


class _MeasureFile(MeasureData, frozen=True, kw_only=True):
    measure: Source
    calendar: CalendarData
    period: list[Period] = []
    units: Units
    batches: Batches | None = None
    section: list[Section]
    scale: list[Scale] = []
    total: Adding
    rank: Rank = Rank()
    flag: list[FlagData] = []
    band: list[Band] = []
    reading: list[Reading] = []


class _SentencesFile(MeasureData, frozen=True, kw_only=True):
    sentence: list[Sentence]


class _LawFile(MeasureData, frozen=True, kw_only=True):
    note: list[LawNote]


class Folder(_MeasureFile, frozen=True, kw_only=True):
    """Everything that a measure's files say, but for its own kinds of entries and its cases."""

    clause: list[Clause]
    file_of: dict[str, str]
    """By slug, the file of a clause."""
    sentence: list[Sentence] = []
    law: list[LawNote] = []

    def placed_readings(self) -> Iterator[tuple[str, str | None, Reading]]:
        """Yield every reading with its file, and the slug of its clause if it is of one."""
        yield from ((MEASURE, None, one) for one in self.reading)
        for clause in self.clause:
            yield from ((self.file_of[clause.slug], clause.slug, one) for one in clause.reading)


def parse(content: Mapping[str, str]) -> Folder:
    """Return what the files of a measure say, without the walk of its sentences.

    Args:
        content: texts by file name, relative to the folder.

    Raises:
        UnsoundMeasureError: a file is missing or unknown, is not TOML, or has an unknown key or a
            value of another type.
    """
    faults: list[UnsoundMeasureError] = []
    # Nothing is scored by the sentences; reading them would take a third of the time.
    read = {name: content[name] for name in content if name != SENTENCES}
    folder = parsed(read, faults, strict=False)
    if faults or folder is None:
        raise faults[0]
    return folder


def parsed(
    content: Mapping[str, str], faults: list[UnsoundMeasureError], *, strict: bool = True
) -> Folder | None:
    """Return what the files say, without the clauses and files that do not have their form.

    Args:
        content: texts by file name, relative to the folder.
        faults: every fault is added; without any the folder is whole.
        strict: whether a date must be a date of TOML. Measures were adopted whose dates are texts.

    Returns:
        None if nothing can be said without what cannot be read.
    """
    for name in content:
        known = name in (MEASURE, ENTRIES, TEXT, SENTENCES, LAW)
        inner = name.startswith((CLAUSES, CASES)) and name.endswith(".toml")
        if not known and not (inner and name.count("/") == 1):
            words = Message(
                "is not a file of a measure: take it away; a name that begins with {first} or "
                "ends in {last} is left aside",
                first=Series((".", "~", "#")),
                last=Series(LEFT_ASIDE),
            )
            faults.append(UnsoundMeasureError(name, None, words))
    unread = unreadable(content)
    faults += unread
    names_unread = {one.file for one in unread}
    content = {name: text for name, text in content.items() if name not in names_unread}
    clauses, file_of = list[Clause](), dict[str, str]()
    for name in sorted(name for name in content if name.startswith(CLAUSES)):
        for place, clause in _clauses(name, content[name], faults, strict=strict):
            if clause.slug in file_of:
                words = Message("is declared twice, in {file} too", file=file_of[clause.slug])
                faults.append(UnsoundMeasureError(name, place, words))
            else:
                clauses.append(clause)
                file_of[clause.slug] = name
    sentences = _file(_SentencesFile, SENTENCES, content, faults)
    law = _file(_LawFile, LAW, content, faults)
    if MEASURE not in content and MEASURE not in names_unread:
        faults.append(UnsoundMeasureError(MEASURE, None, Message("is missing")))
    head = _file(_MeasureFile, MEASURE, content, faults, strict=strict)
    if head is None:
        return None
    return Folder(
        **{one.name: getattr(head, one.name) for one in fields(_MeasureFile)},
        clause=clauses,
        file_of=file_of,
        sentence=[] if sentences is None else sentences.sentence,
        law=[] if law is None else law.note,
    )


def unreadable(content: Mapping[str, str]) -> list[UnsoundMeasureError]:
    """Return a fault for each file whose bytes were not UTF-8, which lone surrogates tell."""
    words = Message("is not UTF-8, perhaps GBK (ANSI): save it as UTF-8")
    return [
        UnsoundMeasureError(name, None, words)
        for name, text in content.items()
        if not _is_utf8(text)
    ]


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _file(
    model: Any,
    name: str,
    content: Mapping[str, str],
    faults: list[UnsoundMeasureError],
    *,
    strict: bool = True,
) -> Any:
    """Return a file as an object of a model; None if there is none, or it cannot be one."""
    if name not in content:
        return None
    try:
        data = toml(name, content[name])
    except UnsoundMeasureError as error:
        faults.append(error)
        return None
    return without_faults(model, name, data, faults, strict=strict)


def _clauses(
    name: str, text: str, faults: list[UnsoundMeasureError], *, strict: bool
) -> Iterator[tuple[str, Clause]]:
    """Yield the clauses of a file that have their form, each with its place."""
    try:
        found = toml(name, text)
    except UnsoundMeasureError as error:
        faults.append(error)
        return
    if set(found) != {"clause"} or not isinstance(found["clause"], list):
        words = Message("must hold [[clause]] and nothing else")
        faults.append(UnsoundMeasureError(name, None, words))
        return
    for number, data in enumerate(found["clause"]):
        try:
            clause = _clause(name, number, data, faults, strict=strict)
        except UnsoundMeasureError as error:
            faults.append(error)
        else:
            if clause is not None:
                yield clause.slug, clause


_COMMON = frozenset(one.encode_name for one in fields(Clause)) - {"parameters"}


def _clause(
    name: str, number: int, data: Any, faults: list[UnsoundMeasureError], *, strict: bool
) -> Clause | None:
    """Return a clause: its common keys, the others being the parameters of its kind.

    Returns:
        None if it cannot be one without the keys that have a fault, which is added to `faults`.

    Raises:
        UnsoundMeasureError: it is of no kind that is known.
    """
    from projections.kinds import KIND_VERSION, KINDS  # noqa: PLC0415 - the kinds import this package

    if not isinstance(data, dict):
        raise UnsoundMeasureError(name, f"clause[{number}]", Message("is not a table"))
    slug = data.get("slug")
    place = slug if isinstance(slug, str) else f"clause[{number}]"
    kind = KINDS.get(str(data.get("kind")))
    if kind is None:
        words = Message(
            "there is no kind of clause {kind!r}; choose one of {known}",
            kind=data.get("kind"),
            known=Series(KINDS),
        )
        raise UnsoundMeasureError(name, place, words)
    if data.get("kind_version", 1) not in range(1, KIND_VERSION + 1):
        words = Message(
            "this program does not know version {n} of the kind", n=data["kind_version"]
        )
        raise UnsoundMeasureError(name, place, words)
    common = {key: value for key, value in data.items() if key in _COMMON}
    own = {key: value for key, value in data.items() if key not in _COMMON}
    clause = without_faults(Clause, name, common, faults, place, strict=strict)
    more = sorted(_COMMON)
    parameters = without_faults(kind.Parameters, name, own, faults, place, more, strict=True)
    if clause is None or parameters is None:
        return None
    whole: Clause = replace(clause, parameters=parameters)
    return whole
