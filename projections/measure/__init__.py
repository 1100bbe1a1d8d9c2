"""Measures: folders of clauses, amounts and readings, loaded and checked."""

from projections.measure.converting import UnsoundMeasureError
from projections.measure.folder import BUILT_IN, built_in, read_measure, shipped
from projections.measure.loading import load_measure
from projections.measure.measure import Heading, Measure
from projections.measure.model import Amount, Clause, Reading

__all__ = [
    "BUILT_IN",
    "Amount",
    "Clause",
    "Heading",
    "Measure",
    "Reading",
    "UnsoundMeasureError",
    "built_in",
    "load_measure",
    "read_measure",
    "shipped",
]
