"""Keep the last answers of towns beside the region's file, so that only moved towns are folded.

They are derived: a file that is damaged, of another version or cannot be written is done without.
An answer about a day that does not depend on the asker's serves on other days too.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from projections.region.code_hash import code_hash
from projections.region.messages import ScoreQuestion, TownScores, Value, decode_answer, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from projections.region.messages import Question
    from projections.region.towns import Region, Town

_SUFFIX = ".kept"
_QUESTIONS = 4
"""Questions whose answers are kept: those asked last."""

_VERSION = 1
_SCHEMA = f"""
CREATE TABLE questions (number INTEGER PRIMARY KEY, question BLOB NOT NULL UNIQUE);
CREATE TABLE answers (
    question BLOB NOT NULL, town TEXT NOT NULL, url TEXT NOT NULL, position INTEGER NOT NULL,
    asked_on TEXT NOT NULL, answer BLOB NOT NULL, PRIMARY KEY (question, town)
) WITHOUT ROWID;
PRAGMA user_version = {_VERSION};
"""

_ELSEWHERE = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM),
}
"""Faults (sqlite.org/rescode.html) that are not the file's: nothing is kept then."""

_WAIT = 5
"""Seconds to wait for another process that writes."""


class KeptAnswers:
    """The answers to one question that are kept beside a region's file.

    An answer is that of a town, a place of its ledger, a position and the program's code.
    """

    def __init__(self, region: Region, question: Question) -> None:
        """Take a region, whose file names the place, and a question."""
        self._path = Path(f"{region.file}{_SUFFIX}") if region.file else None
        self._today: date | None = getattr(question, "today", None)
        self._through = question.through if isinstance(question, ScoreQuestion) else None
        if isinstance(question, ScoreQuestion) and question.year is not None:
            question = replace(question, today=date.min)
        self._question = sha256(code_hash().encode() + encode(question)).digest()

    def find(self, positions: Mapping[str, int], towns: Iterable[Town]) -> dict[str, Value]:
        """Return by code the answers of towns whose ledgers are at these positions."""
        if self._path is None or not self._path.exists():
            return {}
        wanted = {(town.code, town.url, positions[town.code]) for town in towns}
        query = "SELECT town, url, position, asked_on, answer FROM answers WHERE question = ?"
        found = dict[str, Value]()
        try:
            with closing(self._open(self._path)) as connection:
                for *place, asked_on, raw in connection.execute(query, (self._question,)):
                    if tuple(place) in wanted:
                        answer = decode_answer(raw)
                        if answer.value is not None and self._holds(answer.value, asked_on):
                            found[answer.town] = answer.value
        except (sqlite3.Error, msgspec.MsgspecError, TypeError, ValueError):
            return {}
        return found

    def _holds(self, value: Value, asked_on: str) -> bool:
        """Return whether an answer of another day is that of today."""
        if asked_on == str(self._today) or self._through is not None:
            return True
        # The year had ended then, and has now.
        through = value.through if isinstance(value, TownScores) else date.max
        return self._today is not None and through < min(self._today, date.fromisoformat(asked_on))

    def keep(self, answers: Iterable[tuple[Town, int, bytes]]) -> None:
        """Keep answers, each with its town and position, in place of those kept before."""
        day = str(self._today)
        rows = [
            (self._question, town.code, town.url, at, day, answer) for town, at, answer in answers
        ]
        if self._path is None or not rows:
            return
        try:
            self._write(self._path, rows)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _ELSEWHERE:
                return
            with suppress(OSError, sqlite3.Error):
                self._path.unlink(missing_ok=True)
                self._write(self._path, rows)

    def _write(self, path: Path, rows: list[tuple[bytes, str, str, int, str, bytes]]) -> None:
        with closing(self._open(path)) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM questions WHERE question = ?", (self._question,))
            connection.execute(
                "INSERT INTO questions SELECT IFNULL(MAX(number), 0) + 1, ? FROM questions",
                (self._question,),
            )
            connection.execute(
                "DELETE FROM questions WHERE number NOT IN "
                "(SELECT number FROM questions ORDER BY number DESC LIMIT ?)",
                (_QUESTIONS,),
            )
            connection.execute(
                "DELETE FROM answers WHERE question NOT IN (SELECT question FROM questions)"
            )
            connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", rows)

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        """Open the file, or make it.

        Raises:
            sqlite3.Error: it is damaged or of another version, or cannot be made.
        """
        connection = sqlite3.connect(path, timeout=_WAIT)
        try:
            connection.execute("PRAGMA synchronous = OFF")
            ((version,),) = connection.execute("PRAGMA user_version")
            if version == 0:
                connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
            elif version != _VERSION:
                raise sqlite3.DatabaseError
        except BaseException:
            connection.close()
            raise
        return connection
