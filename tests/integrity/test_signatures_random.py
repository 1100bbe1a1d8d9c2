"""Whatever sequence of appends accounts make, `check` proves it."""

import random
from contextlib import suppress

import pytest

from ledger.errors import EntriesRefusedError
from tests.integrity.accounts import Office, village
from tests.support import submissions


class Chance:
    """Random acts of the accounts of an office, of which many are refused."""

    def __init__(self, office, seed):
        self.office, self.random = office, random.Random(seed)
        self.roles, self.recorder, self.proved, self.step = {}, {}, 0, 0
        for name, role in {"head": "verifier", "other": "verifier", "pen": "clerk"}.items():
            office.open(name, role, "head" if self.roles else None)
            self.roles[name] = role

    def record(self, by):
        numbers = range(self.step * 5 + 1, self.step * 5 + 1 + self.random.randint(1, 4))
        self.office.record(by, *numbers)
        self.recorder |= dict.fromkeys(numbers, by)

    def verify(self, by):
        others = [one for one, recorder in self.recorder.items() if recorder != by]
        chosen = others[: self.random.randint(1, 3)]
        if chosen:
            self.office.verify(by, *chosen)
        self.proved += len(chosen)
        for one in chosen:
            del self.recorder[one]

    def open(self, by):
        name = f"p{self.step}"
        role = self.random.choice(["clerk", "verifier", "auditor"])
        self.office.open(name, role, by)
        self.roles[name] = role

    def close(self, by):
        name = self.random.choice([*self.roles])
        if len(self.roles) > 4:
            self.office.close(name, by)
            del self.roles[name]

    def reset(self, by):
        self.office.reset(self.random.choice([*self.roles]), by)

    def act(self):
        self.step += 1
        acts = [self.record, self.record, self.verify, self.verify, self.open, self.close]
        self.random.choice([*acts, self.reset])(self.random.choice([*self.roles]))


@pytest.mark.parametrize("seed", range(8))
def test_random_sequences_of_appends_by_accounts_are_proved(tmp_path, seed):
    """Whatever accounts do by the program, `check` finds nothing and proves each verification."""
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    office.ledger.record(submissions([village(900), village(901)]), "clerk", "head")
    chance = Chance(office, seed)
    for _ in range(60):
        with suppress(EntriesRefusedError):
            chance.act()
    report = office.check()
    assert report.findings == [], seed
    found = report.four_eyes
    assert (found.proved, found.typed) == (chance.proved, 2), seed
    assert found.proved, seed
    office.store.close()
