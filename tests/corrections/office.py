"""An office on one ledger: its commands, its clock and other clerks."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ledger.application import Ledger
from ledger.stores import open_store
from ledger.vocabulary import OFFICE_TIME
from projections.adopted import Measures
from tests.cli.running import Tally
from tests.support import submissions

if TYPE_CHECKING:
    from collections.abc import Iterator

YEAR = ("--year", "2016")
END = ("--through", "2016-05-31")
"""The last day of Q2, as of which the tests publish it."""


def minute(recorded: str) -> str:
    """Return a recorded time to the minute, as the office's clock shows it."""
    return f"{datetime.fromisoformat(recorded).astimezone(OFFICE_TIME):%Y-%m-%d %H:%M}"


class Office(Tally):
    """`tally` on one ledger, with the steps that tests of corrections repeat."""

    def ledger(self, clock: Any = lambda: datetime.now(UTC)) -> Ledger:
        """Open the application service on a store of its own, as another process would."""
        return Ledger(open_store(self.url), Measures, clock, trust_clock=True)

    def at(self, moment: str, *entries: dict[str, Any], verify_by: str | None = "head") -> int:
        """Record entries at a time of the clock (UTC+08:00); return the last position."""
        now = datetime.fromisoformat(moment)
        now = now if now.tzinfo is not None else now.replace(tzinfo=OFFICE_TIME)
        ledger = self.ledger(lambda: now)
        try:
            return ledger.record(submissions(entries), "clerk", verify_by).position
        finally:
            ledger.store.close()

    def verify(self, *ids: str, by: str = "head") -> int:
        """Verify entries, by default all that await it; return the last position."""
        receipt = self("verify", *(ids or ["--all"]), "--by", by, "--json").ok().json
        position: int = receipt["position"]
        return position

    def correct(self, entry: str, *settings: str, by: str = "clerk", verify: bool = True) -> int:
        """Correct an entry and verify what that appended; return the last position."""
        self(*correct_words(entry, *settings, by=by), "--yes").ok()
        return self.verify() if verify else self.position

    def reverse(self, entry: str, *, by: str = "clerk", verify: bool = True) -> int:
        """Take an entry back and verify the reversal; return the last position."""
        self(*reverse_words(entry, by=by), "--yes").ok()
        return self.verify() if verify else self.position

    def units(self, *words: object) -> dict[str, dict[str, Any]]:
        """Return the units of `score` of 2016 by id."""
        scores = self("score", *YEAR, *words, "--json").ok().json
        return {unit["unit"]: unit for unit in scores["units"]}

    def diff(self, *words: object) -> dict[str, dict[str, Any]]:
        """Return the units of `diff` of 2016 by id."""
        units = self("diff", *YEAR, *words, "--json").ok().json["units"]
        by_id = {unit["unit"]: unit for unit in units}
        assert len(by_id) == len(units)
        return by_id

    def quarter(self, unit: str, quarter: str, *words: object) -> str:
        """Return the score of a unit's quarter."""
        (score,) = (
            one["score"] for one in self.units(*words)[unit]["periods"] if one["period"] == quarter
        )
        return str(score)

    def objections(self) -> list[tuple[str, str, str | None]]:
        """Return the open objections of 2016 as (unit, objection, clause)."""
        return [
            (unit, point["entry"], point["clause"])
            for unit, score in self.units().items()
            for point in score["open"]
            if point["kind"] == "objection"
        ]


def office(folder: Path) -> Office:
    """Make an office with a fresh ledger in a folder, made before all that the tests record."""
    made = Office(folder)
    made.founded()
    return made


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a temporary folder."""
    with TemporaryDirectory(prefix="tally-") as name:
        yield Path(name)


def correct_words(entry: str, *settings: str, by: str = "clerk") -> list[str]:
    """Return the words of `tally correct` that set fields, as `headcount=6`."""
    words = [word for setting in settings for word in ("--set", setting)]
    return ["correct", entry, *words, "--reason", "录错", "--by", by]


def reverse_words(entry: str, *, by: str = "clerk") -> list[str]:
    """Return the words of `tally reverse` for an entry."""
    return ["reverse", entry, "--reason", "误录", "--by", by]


def quarter_of(fields: dict[str, Any], name: str) -> dict[str, Any]:
    """Return one quarter of a unit's fields, or an empty dict."""
    return next((one for one in fields.get("periods", []) if one["period"] == name), {})


def causes_since_bulletin(
    office: Office, *words: object, edition: str = ""
) -> dict[str, tuple[str | None, str | None, list[str]]]:
    """Return what `diff` shows since the bulletin of Q2: (before, after, causes).

    Args:
        office: the office.
        words: options of `diff`; by default it compares figures as of the last day of Q2.
        edition: `#2` for the second edition; by default the latest.
    """
    found = office("diff", "--from", f"2016Q2{edition}", *(words or END), "--json").ok().json
    return {
        unit["unit"]: (
            quarter_of(unit["before"], "2016Q2").get("score"),
            quarter_of(unit["after"], "2016Q2").get("score"),
            unit["entries"],
        )
        for unit in found["units"]
    }
