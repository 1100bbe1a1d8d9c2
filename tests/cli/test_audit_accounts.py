"""`tally audit` where accounts sign: from where on names are accounts, and before it."""

from __future__ import annotations

from tests.cli.accounts import import_units, opened, passphrases, tally
from tests.cli.entries import batch

__all__ = ["opened", "passphrases", "tally"]


def test_says_from_where_on_names_are_accounts(tally):
    """The ledger is made at position 1; the first account is opened at 2 and signed at 3."""
    import_units(tally).ok()
    path = tally.file("batch.jsonl", batch())
    tally("import", path, "--by", "陈副主任").ok()
    tally("verify", "--all", "--by", "王主任").ok()
    found = tally("audit", "--year", "2016", "--json").ok().json
    assert found["accounts_from"] == 2
    pairs = [(row["recorded_by"], row["verified_by"], row["entries"]) for row in found["pairs"]]
    assert pairs == [("小李", "王主任", 2), ("陈副主任", "王主任", 1)]
    assert [row["own"] for row in found["people"]] == [0, 0, 0]
    words = "names are accounts from position 2 on, before that as typed"
    assert words in tally("audit", "--year", "2016").ok().out
    assert tally("audit", "--as-of", "1", "--json").ok().json["accounts_from"] is None
