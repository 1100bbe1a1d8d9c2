"""The ledgers that are measured: made by `tally import` from books of so many entries and years."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.books import SAMPLE_YEAR, book
from tests.benchmarks.measuring import TALLY, Measured, run

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["--by", "clerk", "--verify-by", "head"]
UNIT = "T1-V001"


class Made(NamedTuple):
    """A ledger of so many entries, recorded and verified, and what its import took."""

    url: str
    entries: int
    importing: Measured

    def score(self, *more: str) -> list[str]:
        """The command that scores the book's last whole year."""
        year = ["--year", str(SAMPLE_YEAR), "--format", "csv"]
        return [*TALLY, "score", *year, "--ledger", self.url, *more]

    def explain(self) -> list[str]:
        """The command that explains a year of one unit."""
        return [*TALLY, "explain", UNIT, str(SAMPLE_YEAR), "--ledger", self.url]

    def card(self, number: int) -> list[str]:
        """The command that records one entry more."""
        words = ["--id", f"HP-{number}", "--unit", UNIT, "--issued-on", f"{SAMPLE_YEAR}-06-20"]
        return [*TALLY, "record", "yellow_card", *words, "--by", "clerk", "--ledger", self.url]

    def verified(self, number: int) -> list[str]:
        """The command that verifies it."""
        return [*TALLY, "verify", f"HP-{number}", "--by", "head", "--ledger", self.url]


def write_book(folder: Path, entries: int, years: int) -> Path:
    """The book as a JSONL file."""
    path = folder / f"{entries}-{years}.jsonl"
    with path.open("wb") as file:
        file.writelines(line + b"\n" for line in book(entries, years))
    return path


def made(folder: Path, entries: int, years: int = 1, url: str | None = None) -> Made:
    """A ledger of a book, in a file of the folder unless a URL is given."""
    path = write_book(folder, entries, years)
    url = url or f"sqlite:///{folder}/{entries}-{years}.db"
    run([*TALLY, "init", "--ledger", url])
    took = run([*TALLY, "import", str(path), *NAMES, "--ledger", url])
    path.unlink()
    return Made(url, entries, took)
