"""Imports of entries with corrections give the same by the index."""

from __future__ import annotations

import random

import pytest

from tests.oracle import bare
from tests.oracle.generate import Gen
from tests.read_model.test_validation_by_index import Desk
from tests.support import submissions


def dependent(entry, done, chance, number):
    """Yield a correction of an entry, and an entry that refers to its new id."""
    new = {key: value for key, value in entry.items() if key != "replaces"}
    new |= {"id": f"{entry['id']}.n{number}", "replaces": entry["id"]}
    yield {"kind": "reversal", "id": f"RY-{number}", "of": entry["id"], "reason": "误"}
    yield new
    other = {key: value for key, value in chance.choice(done).items() if key != "replaces"}
    other["id"] = f"{other['id']}.m{number}"
    for field in ("unit", "batch", "case", "notice", "host_unit"):
        if other.get(field) == entry["id"]:
            other[field] = new["id"]
    if entry["kind"] == "unit" and "unit" in other and chance.random() < 0.5:
        other["unit"] = new["id"]
    yield other


def work(folder, seed, entries):
    chance = random.Random(seed)
    desks = [
        Desk(f"sqlite:///{folder}/{seed}-{indexed}.db", indexed=indexed)
        for indexed in (False, True)
    ]
    made = bare(Gen(seed, 5, entries, True, 3).entries)
    at = number = 0
    while at < len(made):
        size = chance.choice([1, 2, 3, 8])
        some, at = made[at : at + size], at + size
        extra = []
        for _ in range(chance.randint(0, 3)):
            number += 1
            entry = chance.choice(made[:at])
            what = chance.random()
            if what < 0.3:
                extra.append({**entry, "id": f"{entry['id']}.x{number}"})
            elif what < 0.5:
                extra.append(
                    {"kind": "reversal", "id": f"RX-{number}", "of": entry["id"], "reason": "误"}
                )
            else:
                extra += dependent(entry, made[:at], chance, number)
        imports = [some, extra] if chance.random() < 0.5 else [[*some, *extra], some]
        for one in filter(None, imports):
            arriving = chance.sample(one, len(one)) if chance.random() < 0.3 else one
            outcomes = [desk.attempt("record", submissions(arriving), "clerk") for desk in desks]
            assert outcomes[0] == outcomes[1], (seed, arriving)
        named = [entry["id"] for entry in (*some, *chance.choices(made, k=3))]
        outcomes = [desk.attempt("verify", named, "head") for desk in desks]
        assert outcomes[0] == outcomes[1], (seed, named)
    for desk in desks:
        for close in desk.close:
            close()


@pytest.mark.parametrize("seed", [21, 28, 3, 4])
def test_imports_give_the_same_by_the_index(tmp_path, seed):
    work(tmp_path, seed, 60)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_imports_give_the_same_by_the_index_on_long_ledgers(tmp_path, seed):
    work(tmp_path, seed, 100)
