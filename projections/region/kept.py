"""Keep the last answers of towns beside the region's file, so that only moved towns are folded.

They are derived: a file that is damaged, of another version or cannot be written is done without.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from projections.region.code_hash import code_hash
from projections.region.messages import encode

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
    answer BLOB NOT NULL, PRIMARY KEY (question, town)
) WITHOUT ROWID;
PRAGMA user_version = {_VERSION};
"""

_WAIT = 5
"""Seconds to wait for another process that writes."""


class KeptAnswers:
    """The answers to one question that are kept beside a region's file.

    An answer is that of a town, a place of its ledger, a position and the program's code.
    """

    def __init__(self, region: Region, question: Question) -> None:
        """Take a region, whose file names the place, and a question."""
        self._path = Path(f"{region.file}{_SUFFIX}") if region.file else None
        self._question = sha256(code_hash().encode() + encode(question)).digest()

    def find(self, positions: Mapping[str, int], towns: Iterable[Town]) -> dict[str, bytes]:
        """Return by code the encoded answers of towns whose ledgers are at these positions."""
        if self._path is None or not self._path.exists():
            return {}
        wanted = {town.code: (town.url, positions[town.code]) for town in towns}
        query = "SELECT town, url, position, answer FROM answers WHERE question = ?"
        try:
            with closing(self._open(self._path)) as connection:
                rows = connection.execute(query, (self._question,))
                return {
                    code: answer
                    for code, url, position, answer in rows
                    if wanted.get(code) == (url, position) and isinstance(answer, bytes)
                }
        except sqlite3.Error:
            return {}

    def keep(self, answers: Iterable[tuple[Town, int, bytes]]) -> None:
        """Keep answers, each with its town and position, in place of those kept before."""
        rows = [(self._question, town.code, town.url, at, answer) for town, at, answer in answers]
        if self._path is None or not rows:
            return
        try:
            self._write(self._path, rows)
        except sqlite3.OperationalError:
            return  # locked, full or read-only: nothing is kept
        except sqlite3.DatabaseError:
            with suppress(OSError, sqlite3.Error):
                self._path.unlink(missing_ok=True)
                self._write(self._path, rows)

    def _write(self, path: Path, rows: list[tuple[bytes, str, str, int, bytes]]) -> None:
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
            connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", rows)

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
