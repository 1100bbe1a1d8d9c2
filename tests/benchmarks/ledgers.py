"""The ledgers that are measured, made by `tally import`, and commands on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.books import SAMPLE_YEAR, book
from tests.benchmarks.measuring import TALLY, Measured, run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAMES = ["--by", "clerk", "--verify-by", "head"]
UNIT = "T1-V001"


class Made(NamedTuple):
    """A ledger of verified entries, and what its import took."""

    url: str
    entries: int
    importing: Measured

    def score(self, *more: str, form: str = "csv") -> list[str]:
        """Return the command that scores the last year."""
        year = ["--year", str(SAMPLE_YEAR), "--format", form]
        return [*TALLY, "score", *year, "--ledger", self.url, *more]

    def explain(self) -> list[str]:
        """Return the command that explains a year of one unit."""
        return [*TALLY, "explain", UNIT, str(SAMPLE_YEAR), "--ledger", self.url]

    def card(self, number: int) -> list[str]:
        """Return the command that records one more entry."""
        words = ["--id", f"HP-{number}", "--unit", UNIT, "--issued-on", f"{SAMPLE_YEAR}-06-20"]
        return [*TALLY, "record", "yellow_card", *words, "--by", "clerk", "--ledger", self.url]

    def verified(self, number: int) -> list[str]:
        """Return the command that verifies that entry."""
        return [*TALLY, "verify", f"HP-{number}", "--by", "head", "--ledger", self.url]


def made(folder: Path, entries: int, years: int = 1, url: str | None = None) -> Made:
    """Make a ledger of sample years, in a file of the folder unless a URL is given."""
    # The units of all towns have the same names, and the sample years reports sent twice.
    lines, meant = book(entries, years), ["--alike", "--implausible"]
    return imported(folder, f"{entries}-{years}", lines, entries, url, meant)


def imported(
    folder: Path,
    name: str,
    lines: Iterable[bytes],
    entries: int,
    url: str | None = None,
    more: Iterable[str] = (),
) -> Made:
    """Import entries as JSON lines into a new ledger.

    Args:
        folder: where files are written.
        name: the name of the ledger's file.
        lines: the entries.
        entries: how many they are.
        url: a ledger elsewhere, in place of a file of the folder.
        more: further options of the import.
    """
    path = folder / f"{name}.jsonl"
    with path.open("wb") as file:
        file.writelines(line + b"\n" for line in lines)
    url = url or f"sqlite:///{folder}/{name}.db"
    run([*TALLY, "init", "--ledger", url])
    took = run([*TALLY, "import", str(path), *NAMES, *more, "--ledger", url])
    path.unlink()
    return Made(url, entries, took)
