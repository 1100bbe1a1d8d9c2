"""A second implementation of the measure, and a generator of random ledgers.

The scorer was written from the regulation, the clause table and the JSON contract alone, by an
author who had not seen the program; it is slow and plain. Nothing in this package may import from
`ledger` or `projections`.

An entry is the contract's JSON object with one more key, `_verified`: whether it was verified.

- `dates`, `view`: the calendar; which entries count at the close of a day, what they refer to, and
  when a unit is assessed;
- `basic_work`, `petitions`, `year`: the points of each clause; `scorer`: totals, ranks, flags and
  open points;
- `generate`, with `contents` and `books`: random valid ledgers. "Alike" and "implausible" entries
  are among them: they have to be let in;
- `hand_cases`, with `cases/*.toml`: entries, and results computed by hand.
"""


def bare(entries):
    """Return the entries as the contract has them, without `_verified`."""
    return [{key: value for key, value in e.items() if key != "_verified"} for e in entries]


def unverified_ids(entries):
    """Return the ids of the entries that are not verified."""
    return {e["id"] for e in entries if not e["_verified"]}
