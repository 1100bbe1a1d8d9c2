"""The measure as data: clauses, amounts and readings, loaded and checked."""

from projections.rulebook.loading import UnsoundRulebookError, build, load_rulebook
from projections.rulebook.model import Amount, Clause, NoAmountError, Reading
from projections.rulebook.rulebook import Rulebook

__all__ = [
    "Amount",
    "Clause",
    "NoAmountError",
    "Reading",
    "Rulebook",
    "UnsoundRulebookError",
    "build",
    "load_rulebook",
]
