"""The measure as data: loaded from files, checked to be sound, asked for amounts and readings."""

from projections.rulebook.loading import UnsoundRulebookError, build, load_rulebook
from projections.rulebook.model import Amount, Clause, Reading
from projections.rulebook.rulebook import NoAmountError, Rulebook

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
