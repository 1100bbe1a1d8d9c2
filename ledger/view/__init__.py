"""The materialised view: made of a ledger to find and show things sooner; it can be dropped.

It lies outside the ledger, in a file of its own, and holds nothing that is not made of the
ledger's events: an index of which entries belong together, and pages of scores. It is versioned
with the code and the rulebook that made it, bound to the ledger by the last row that it has
seen, and `tally check` compares it with a full replay.
"""

SMALL = 20_000
"""Events up to which a ledger is replayed whole: no view would answer sooner."""
