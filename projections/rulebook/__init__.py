"""The measure as data: loaded from files, checked, and asked for amounts and readings."""

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
