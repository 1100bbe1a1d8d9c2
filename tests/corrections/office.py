"""An office at work on a ledger: commands run in this process, and a second clerk beside them."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from io import BytesIO, StringIO, TextIOWrapper
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest import mock

from cli.main import main
from cli.session import session
from ledger.application import Ledger
from ledger.stores import open_store
from ledger.vocabulary import OFFICE_TIME
from projections.rulebook import load_rulebook
from tests.cli.running import COLUMNS, Run, Tally
from tests.support import submissions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.session import Session

YEAR = ("--year", "2016")


class Office(Tally):
    """`tally` on one ledger; what a command imports stays imported, unlike in `Tally`."""

    def __call__(self, *arguments: object, stdin: bytes = b"") -> Run:
        """Runs a command in this process."""
        return run(self.url, *arguments, stdin=stdin)

    def ledger(self, clock: Any = lambda: datetime.now(UTC)) -> Ledger:
        """The application service, on a store of its own: another process as far as it knows."""
        return Ledger(open_store(self.url), load_rulebook(), clock)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """What the commands read by."""
        with session(self.url) as opened:
            yield opened

    def at(self, moment: str, *entries: dict[str, Any], verify_by: str | None = "head") -> int:
        """Records entries at a time of the ledger's clock (UTC+08:00); the position then."""
        now = datetime.fromisoformat(moment)
        now = now if now.tzinfo is not None else now.replace(tzinfo=OFFICE_TIME)
        ledger = self.ledger(lambda: now)
        try:
            return ledger.record(submissions(entries), "clerk", verify_by).position
        finally:
            ledger.store.close()

    def verify(self, *ids: str, by: str = "head") -> int:
        """Verifies entries, all that await it where none is named; the position then."""
        position: int = (
            self("verify", *(ids or ["--all"]), "--by", by, "--json").ok().json["position"]
        )
        return position

    def correct(self, entry: str, *settings: str, by: str = "clerk", verify: bool = True) -> int:
        """Corrects an entry, verified by `head` unless told otherwise; the position then."""
        words = [word for setting in settings for word in ("--set", setting)]
        self("correct", entry, *words, "--reason", "录错", "--by", by, "--yes").ok()
        return self.verify() if verify else self.position

    def reverse(self, entry: str, *, by: str = "clerk", verify: bool = True) -> int:
        """Takes an entry back, verified by `head` unless told otherwise; the position then."""
        self("reverse", entry, "--reason", "误录", "--by", by, "--yes").ok()
        return self.verify() if verify else self.position

    def units(self, *words: object) -> dict[str, dict[str, Any]]:
        """The units of `score` of 2016, by id."""
        return {
            unit["unit"]: unit for unit in self("score", *YEAR, *words, "--json").ok().json["units"]
        }

    def diff(self, *words: object) -> dict[str, dict[str, Any]]:
        """The units of `diff` of 2016, by id."""
        found = self("diff", *YEAR, *words, "--json").ok().json["units"]
        assert len({unit["unit"] for unit in found}) == len(found)
        return {unit["unit"]: unit for unit in found}

    def quarter(self, unit: str, quarter: str, *words: object) -> str:
        """The score of a unit's quarter."""
        (score,) = (
            one["score"]
            for one in self.units(*words)[unit]["quarters"]
            if one["quarter"] == quarter
        )
        return str(score)

    def objections(self) -> list[tuple[str, str, str | None]]:
        """Open objections of the year, as (unit, objection, clause)."""
        return [
            (unit, point["entry"], point["clause"])
            for unit, score in self.units().items()
            for point in score["open"]
            if point["kind"] == "objection"
        ]


def office(folder: Path) -> Office:
    """An office with a fresh, empty ledger."""
    made = Office(folder)
    made("init").ok()
    return made


def quarter_of(fields: dict[str, Any], name: str) -> dict[str, Any]:
    """One quarter among changed fields; empty where it is not there."""
    return next((one for one in fields.get("quarters", []) if one["quarter"] == name), {})


@contextmanager
def _alone() -> Iterator[None]:
    """A `__main__` that is nobody's: click takes the program's name from there."""
    known = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = known


def run(url: str, *arguments: object, stdin: bytes = b"") -> Run:
    """Runs a command in this process."""
    out, err = StringIO(newline=""), StringIO(newline="")
    with (
        mock.patch.dict(os.environ, {"TALLY_LEDGER": url, "COLUMNS": COLUMNS}),
        _alone(),
        mock.patch.object(sys, "argv", ["tally"]),
        mock.patch.object(sys, "stdin", TextIOWrapper(BytesIO(stdin), "utf-8")),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main([str(argument) for argument in arguments])
            status: Any = 0
        except SystemExit as end:
            status = end.code or 0
    assert isinstance(status, int), status
    return Run(status, out.getvalue(), err.getvalue())
