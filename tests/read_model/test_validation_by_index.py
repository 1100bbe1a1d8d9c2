"""Validation decides the same with the whole ledger and with the index."""

import random

import pytest

from ledger.application import Ledger
from ledger.errors import EntriesRefusedError
from ledger.read_model.read_model import open_read_model
from ledger.stores import create_store
from projections.adopted import Measures
from tests.oracle import bare
from tests.oracle.generate import ledger as entries_of
from tests.support import WHEN, submissions


class Desk:
    """A ledger, with or without a read model."""

    def __init__(self, url, *, indexed):
        store = create_store(url)
        model = open_read_model(url, store) if indexed else None
        self.ledger = Ledger(store, Measures, lambda: WHEN, lambda: model, trust_clock=True)
        self.close = [store.close, *([] if model is None else [model.close])]

    def attempt(self, what, *arguments, **more):
        try:
            receipt = getattr(self.ledger, what)(*arguments, **more)
        except EntriesRefusedError as error:
            return str(error)
        return receipt.as_json(), receipt.remarks


def variations(entry, names, chance):
    """Yield an entry, its repetition, and variants with other ids, names or content."""
    yield entry
    if entry.get("unit") in names and chance.random() < 0.3:
        yield {**entry, "unit": names[entry["unit"]]}
        yield {**entry, "id": f"{entry['id']}.n", "unit": names[entry["unit"]]}
    if chance.random() < 0.2:
        yield {name: value for name, value in entry.items() if name != "id"}
    if entry["kind"] == "unit":
        yield {**entry, "id": f"{entry['id']}.w", "name": f"{entry['name']}　。"}
        yield {**entry, "id": f"{entry['id']}.x", "name": entry["id"].lower()}
    if chance.random() < 0.5:
        yield entry
        yield {**entry, "id": entry["id"] + ".b"}
        yield {**entry, "note": "另记"}
    if entry["kind"] == "reversal":
        yield {"kind": "reversal", "id": entry["id"] + ".c", "of": entry["id"], "reason": "误"}
    for field in ("unit", "batch", "case", "notice", "of", "replaces"):
        if field in entry and chance.random() < 0.2:
            yield {**entry, "id": entry["id"] + ".d", field: chance.choice(["X-0", entry["id"]])}


def work(folder, seed, entries):
    chance = random.Random(seed)
    plain = Desk(f"sqlite:///{folder}/{seed}-plain.db", indexed=False)
    indexed = Desk(f"sqlite:///{folder}/{seed}-indexed.db", indexed=True)
    refused, names = 0, dict[str, str]()
    for entry in bare(entries_of(seed, n_entries=entries, mixed=bool(seed % 2))):
        if entry["kind"] == "unit":
            names[entry["id"]] = entry["name"]
        for one in variations(entry, names, chance):
            doubts = chance.choice([(), ("alike",), ("alike", "implausible")])
            outcomes = [
                desk.attempt("record", submissions([one]), "clerk", doubts=doubts)
                for desk in (plain, indexed)
            ]
            assert outcomes[0] == outcomes[1], one
            refused += isinstance(outcomes[0], str)
        named = [entry["id"], *(["X-1"] if chance.random() < 0.1 else [])]
        who = chance.choice(["head", "head", "Clerk"])
        outcomes = [desk.attempt("verify", named, who) for desk in (plain, indexed)]
        assert outcomes[0] == outcomes[1], (entry, named)
    assert refused > entries / 10
    for who in ("clerk", "head"):
        outcomes = [desk.attempt("verify", None, who) for desk in (plain, indexed)]
        assert outcomes[0] == outcomes[1], who
    for close in (*plain.close, *indexed.close):
        close()


@pytest.mark.parametrize("seed", range(6))
def test_decides_the_same_by_the_index(tmp_path, seed):
    work(tmp_path, seed, 80)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_decides_the_same_by_the_index_on_long_ledgers(tmp_path, seed):
    work(tmp_path, seed, 250)
