"""A second reading of the measure: a slow plain scorer and a generator of random ledgers.

Written from the regulation, the clause table and the contract alone, by somebody who had not
seen the program. Nothing in here may import from `ledger` or `projections`.

An entry is the contract's JSON object with one key more, `_verified`.
"""


def bare(entries):
    """The entries as the contract has them, without `_verified`."""
    return [{key: value for key, value in e.items() if key != "_verified"} for e in entries]


def unverified_ids(entries):
    """Ids of the entries that nobody has verified."""
    return {e["id"] for e in entries if not e["_verified"]}
