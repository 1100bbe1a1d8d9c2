"""Parts of a ledger that suffice for a score: what a year, or what some units need, and no more."""
