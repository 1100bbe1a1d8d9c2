"""Parse the files of a measure's folder; refuse what does not have their form."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import tomli
from msgspec import ValidationError, convert
from msgspec.structs import fields, replace

from ledger.errors import TallyError
from ledger.message import Message, Series
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
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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

_STRAIGHT = {
    **dict.fromkeys("“”„‟＂", '"'),
    **dict.fromkeys("‘’＇", "'"),
    **dict(zip("＝，［］｛｝＃．－", "=,[]{}#.-", strict=True)),
}
"""By a sign that an input method of Chinese writes, the one that TOML asks for."""
_QUOTED = r'"(?:\\.|[^"\\])*"|' + r"'[^']*'"


class UnsoundMeasureError(TallyError):
    """A file of a measure contradicts itself or another, or lacks what it must have."""

    def __init__(
        self, file: str, place: str | None, what: str, keys: tuple[str | int, ...] = ()
    ) -> None:
        """Take the place in words, and the keys that lead to the fault."""
        where = place_in(file, place)
        super().__init__(Message("measure, {where}: {what}", where=where, what=what))
        self.file, self.place, self.what, self.keys = file, place, what, keys
        self.hides = False
        """Whether a list or table was left out for it, on which other parts may depend."""


def place_in(file: str, place: str | None) -> str:
    """Return a file, with the place in it if there is one, in words."""
    return Message("{file}, {place}", file=file, place=place) if place else file


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
    return _without_faults(model, name, data, faults, strict=strict)


def _without_faults(
    model: Any,
    name: str,
    data: Any,
    faults: list[UnsoundMeasureError],
    at: str = "",
    more: Iterable[str] = (),
    *,
    strict: bool,
) -> Any:
    """Return parsed TOML as an object of a model, without the keys that have a fault.

    The arguments are those of `converted`; every fault is added to `faults`.

    Returns:
        None if it cannot be an object of the model without them.
    """
    left_out = list[tuple[str | int, ...]]()
    while True:
        try:
            return converted(model, name, data, at, more, strict=strict)
        except UnsoundMeasureError as error:
            if error.keys in left_out:
                return None  # what was left out must be there
            faults.append(error)
            data = deepcopy(data)
            try:
                value = _taken(data, error.keys)
            except LookupError:  # a key that must be there is missing
                return None
            error.hides = isinstance(value, list | dict)
            left_out.append(error.keys)


def _taken(data: Any, keys: Sequence[str | int]) -> Any:
    """Take a value out of parsed TOML, and return it."""
    for key in keys[:-1]:
        data = data[key]
    value = data[keys[-1]]
    del data[keys[-1]]
    return value


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


def toml(name: str, text: str) -> dict[str, Any]:
    """Return a parsed TOML file.

    Raises:
        UnsoundMeasureError: it is not TOML.
    """
    try:
        return tomli.loads(text, parse_float=Decimal)
    except tomli.TOMLDecodeError as error:
        raise UnsoundMeasureError(name, None, _not_toml(text, error)) from error


def _not_toml(text: str, error: tomli.TOMLDecodeError) -> Message:
    """Return why a text is not TOML, with the sign of another alphabet that may be the cause."""
    found = re.search(r"at line (\d+)", str(error))
    line = text.split("\n")[int(found[1]) - 1] if found else ""
    # Within quotation marks every sign may stand.
    sign = next((one for one in re.sub(_QUOTED, "", line) if one in _STRAIGHT), None)
    if sign is None:
        return Message("is not TOML: {error}", error=error)
    return Message(
        "is not TOML: {error}; the line has {sign} where {straight} must be",
        error=error,
        sign=sign,
        straight=_STRAIGHT[sign],
    )


def converted(
    model: Any,
    name: str,
    data: Any,
    at: str = "",
    more: Iterable[str] = (),
    *,
    strict: bool = True,
) -> Any:
    """Return parsed TOML as an object of a model.

    Args:
        model: the type of the object.
        name: the file, for messages.
        data: what TOML gives.
        at: the place in the file.
        more: keys that are known beside those of the model.
        strict: whether a date must be a date, and not a text.

    Raises:
        UnsoundMeasureError: it does not fit the model.
    """
    try:
        found = convert(data, model, builtin_types=(date,) if strict else None)
    except ValidationError as error:
        what, _, path = str(error).partition(" - at `$")
        path = path.rstrip("`")
        place = ".".join(filter(None, (at, path.strip("."))))
        from ledger.malformed import keys_of, words_of  # noqa: PLC0415 - only for a fault

        words = words_of(what, path, model, more, data)
        raise UnsoundMeasureError(name, place or None, words, keys_of(what, path)) from error
    for inner in found.infinite():
        from ledger.malformed import keys_of  # noqa: PLC0415

        place = ".".join(filter(None, (at, inner)))
        words = Message("must be a finite number")
        raise UnsoundMeasureError(name, place, words, keys_of("", f".{inner}"))
    return found


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
    clause = _without_faults(Clause, name, common, faults, place, strict=strict)
    more = sorted(_COMMON)
    parameters = _without_faults(kind.Parameters, name, own, faults, place, more, strict=True)
    if clause is None or parameters is None:
        return None
    whole: Clause = replace(clause, parameters=parameters)
    return whole
