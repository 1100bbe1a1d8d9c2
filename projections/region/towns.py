"""The towns of a region: what `region.toml` and its list of towns say."""

from __future__ import annotations

import os
import re
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ledger.bounded import read_bounded
from ledger.errors import EntriesRefusedError, Refusal
from ledger.message import Message, Series
from ledger.stores.masking import MASK, is_well_formed, mask_password
from ledger.stores.schema_names import is_schema, url_in_schema
from ledger.stores.sqlite_url import url_of
from projections.measure.converting import UnsoundMeasureError, toml, without_faults
from projections.measure.model import MeasureData
from projections.region.town_list import TownList

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.region.town_list import TownRow

MOST_SCHEMAS = 1_000
"""Schemas that one database should hold at most: its catalog is read by every connection."""

_CODE = re.compile(r"[0-9]{6,12}")


class Town(Struct, frozen=True):
    """A town and where its ledger is."""

    code: str
    """The division code (行政区划代码): 6 to 12 digits; its first 2, 4, 6 and 9 are divisions."""
    name: str
    server: str
    """The name of its server in `region.toml`; empty for a file."""
    url: str
    """Of its ledger, without a password."""
    schema: str = ""


class Region(Struct, frozen=True, dict=True):
    """A region: its name, the URLs of its servers by name, and its towns by code."""

    name: str
    servers: dict[str, str]
    towns: tuple[Town, ...]
    divisions: dict[str, str] = {}
    """By prefix of 2, 4, 6 or 9 digits: the name of the division, where the list has it."""
    file: str = ""
    """The path of `region.toml`, beside which answers are kept; empty to keep none."""

    def by_prefix(self, digits: int) -> list[tuple[str, list[Town]]]:
        """Return each prefix of so many digits with its towns, by prefix."""
        found = dict[str, list[Town]]()
        for town in self.towns:
            found.setdefault(town.code[:digits], []).append(town)
        return sorted(found.items())

    def division_name(self, prefix: str) -> str:
        """Return the name of a division, or of the town whose code its prefix is.

        An empty prefix is the region. It is empty where the list has no name.
        """
        if not prefix:
            return self.name
        return self.divisions.get(prefix) or self._names.get(prefix, "")

    @cached_property
    def _names(self) -> dict[str, str]:
        """Return by code the names of towns; of 12 digits that end with 000, by the first nine."""
        return {
            town.code[:9] if town.code[9:] in {"", "000"} else town.code: town.name
            for town in self.towns
        }

    def remarks(self) -> Iterator[Message]:
        """Yield what need not be so, but should be otherwise."""
        for server, number in Counter(town.server for town in self.towns if town.server).items():
            if number > MOST_SCHEMAS:
                yield Message(
                    "the server {server} holds {number:,} ledgers in one database; more than "
                    "{most:,} slow every connection down: use several databases",
                    server=server,
                    number=number,
                    most=MOST_SCHEMAS,
                )


class RegionError(EntriesRefusedError):
    """The file of a region or its list of towns has faults, reported all at once."""


class _Server(MeasureData, frozen=True):
    url: str


class _File(MeasureData, frozen=True):
    name: str
    towns: str
    servers: dict[str, dict[str, Any]] = {}  # noqa: RUF012 - msgspec copies it


def read_region(path: Path) -> Region:
    """Return the region that a file and its list of towns describe.

    Raises:
        RegionError: a file cannot be read or has faults; all of them are named.
    """
    path = Path(path).absolute()
    file = _RegionFile(path)
    listed = TownList(path.parent / file.data.towns)
    rows = listed.rows()
    towns = _Towns(listed, path.parent, file.servers)
    found = tuple(towns.town(row) for row in rows)
    faults = [*file.faults, *listed.faults]
    if faults:
        raise RegionError(faults)
    return Region(file.data.name, file.servers, found, towns.divisions, str(path))


class _RegionFile:
    """The region's own file: its data, the URLs of its servers, and their faults."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            RegionError: it cannot be read, or has not the keys that it must have.
        """
        self._path, self._content = path, _text(path)
        try:
            data = toml(str(path), self._content)
        except UnsoundMeasureError as error:
            raise RegionError([self._fault(error, ())]) from None
        found = list[UnsoundMeasureError]()
        given = without_faults(_File, str(path), data, found, strict=True)
        self.faults = [self._fault(error, ()) for error in found]
        if given is None:
            raise RegionError(self.faults)
        self.data: _File = given
        self.servers = dict[str, str]()
        for name, one in self.data.servers.items():
            place = ("servers", name)
            self.servers[name] = ""
            found = list[UnsoundMeasureError]()
            server: _Server | None = without_faults(
                _Server, str(path), one, found, ".".join(place), strict=True
            )
            self.faults += [self._fault(error, place) for error in found]
            if server is None:
                continue
            self.servers[name] = server.url
            wrong = _wrong_url(server.url)
            if wrong is not None:
                line = _line_of(self._content, (*place, "url"))
                self.faults.append(_fault(path, wrong, line, ".".join((*place, "url"))))

    def _fault(self, error: UnsoundMeasureError, place: tuple[str, ...]) -> Refusal:
        line = _line_of(self._content, (*place, *map(str, error.keys)))
        return _fault(self._path, error.what, line, error.place)


def _text(path: Path) -> str:
    try:
        return read_bounded(path).decode("utf-8-sig")
    except OSError as error:
        words = Message("cannot be read: {why}", why=error.strerror)
    except UnicodeDecodeError:
        words = Message("is not UTF-8; save it as UTF-8")
    raise RegionError([_fault(path, words)])


def _fault(path: Path, words: str, line: int | None = None, field: str | None = None) -> Refusal:
    return Refusal(words, field, file=str(path), line=line)


def _line_of(text: str, keys: Sequence[str]) -> int | None:
    """Return the line of a TOML file that has a key, or the table of it; from 1."""
    lines, found = text.splitlines(), None
    for number, line in enumerate(lines, 1):
        table = re.fullmatch(r"\s*\[(.+)\]\s*(?:#.*)?", line)
        if table and [part.strip(" \"'") for part in table[1].split(".")] == [*keys[:-1]]:
            found = number
        elif (found is not None or len(keys) == 1) and re.match(
            rf"\s*[\"']?{re.escape(keys[-1])}[\"']?\s*=", line
        ):
            return number
    return found


def _wrong_url(url: str) -> Message | None:
    """Return what is wrong with the URL of a server, without the password in it."""
    masked = mask_password(url)
    if MASK in masked:
        return Message(
            "{url} has a password; take it out, and let each computer that folds know it: by "
            "~/.pgpass, or PGPASSFILE and PGPASSWORD in its environment",
            url=masked,
        )
    if not url.startswith(("postgresql://", "postgres://")) or not is_well_formed(url):
        return Message(
            "{url} is not the URL of a database; write postgresql://USER@HOST/DATABASE",
            url=masked,
        )
    if re.search(r"[?&]schema=", url):
        return Message("{url} names a schema; each town's is in the list of towns", url=masked)
    return None


class _Towns:
    """Makes the towns of rows, one after the other, and finds what is wrong with them."""

    def __init__(self, listed: TownList, folder: Path, servers: dict[str, str]) -> None:
        self._listed, self._folder, self._servers = listed, folder, servers
        self._lines = dict[str, int]()
        self._ledgers = dict[str, int]()
        self.divisions = dict[str, str]()

    def town(self, row: TownRow) -> Town:
        """Return the town of a row; what is wrong with it is added to the faults."""
        fault = self._listed.fault
        self._check_code(row)
        if not row.name:
            fault(Message("is empty; write the town's name"), row.line, "name")
        url = self._url(row)
        if url:
            first = self._ledgers.setdefault(url, row.line)
            if first != row.line:
                words = Message(
                    "is the ledger of the town on line {first} too; each town has its own",
                    first=first,
                )
                fault(words, row.line, "schema" if row.schema else "path")
        for prefix, name in row.division_names():
            known = self.divisions.setdefault(prefix, name)
            if known != name:
                words = Message(
                    "the division {prefix} is called {known} above and {name} here; write one name",
                    prefix=prefix,
                    known=known,
                    name=name,
                )
                fault(words, row.line)
        return Town(row.code, row.name, row.server, url, row.schema)

    def _check_code(self, row: TownRow) -> None:
        if not _CODE.fullmatch(row.code):
            words = Message(
                "{code!r} is not a division code of 6 to 12 digits; in a spreadsheet, format the "
                "column as text",
                code=row.code,
            )
            self._listed.fault(words, row.line, "code")
            return
        first = self._lines.setdefault(row.code, row.line)
        if first != row.line:
            words = Message(
                "{code} is the code of the town on line {first} too; each town has its own",
                code=row.code,
                first=first,
            )
            self._listed.fault(words, row.line, "code")

    def _url(self, row: TownRow) -> str:
        """Return the URL of a row's ledger; empty if the row does not say where it is."""
        fault = self._listed.fault
        if row.schema and row.path:
            words = Message("there is a schema and a file; write where the ledger is, once")
            fault(words, row.line, "path")
        elif row.path:
            if row.server:
                words = Message("a file is on no server; leave this empty, or write a schema")
                fault(words, row.line, "server")
            if "\\" in row.path:
                words = Message("{path} has a backslash; write / between folders", path=row.path)
                fault(words, row.line, "path")
            return url_of(Path(os.path.realpath(self._folder / row.path)))
        elif not row.schema:
            words = Message("there is neither a schema nor a file; write where the ledger is")
            fault(words, row.line, "schema")
        elif not is_schema(row.schema):
            words = Message(
                "{schema!r} is not a valid schema; write up to 63 lower-case letters, digits and "
                "`_`, not beginning with a digit or `pg_`",
                schema=row.schema,
            )
            fault(words, row.line, "schema")
        elif row.server not in self._servers:
            words = Message(
                "the server {server!r} is not in the region's file; one of {known}, or add "
                "[servers.{server}]",
                server=row.server,
                known=Series(self._servers),
            )
            fault(words, row.line, "server")
        else:
            return url_in_schema(self._servers[row.server], row.schema)
        return ""
