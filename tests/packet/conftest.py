"""Ledgers of which packets are made; scores through 2016-05-31 worked out by hand."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from ledger.integrity.checkpoint import sign_head
from ledger.integrity.keys import load_key, make_key
from projections.measure import BUILT_IN, read_measure
from tests.cli.entries import UNITS, batch, reports
from tests.cli.running import Tally
from tests.integrity.accounts import Office
from tests.packet.packets import made
from tests.pages.conftest import MONTHS, THROUGH, build
from tests.support import submissions


class Packet(NamedTuple):
    """A packet of a ledger."""

    tally: Tally
    path: object

    @property
    def url(self):
        return self.tally.url


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """Return `tally` on the town of the pages' tests, with a checkpoint: `build` has its scores.

    Published with 19 for 2016Q2, V001 has 18 since B-1 was corrected to B-1.2; it objects to that.
    """
    tally = Tally(tmp_path_factory.mktemp("town")).founded()
    built = build(tally).tally
    built("checkpoint").ok()
    return built


@pytest.fixture(scope="session")
def town_packet(town):
    """Return the packet of V001 in 2016Q2."""
    return Packet(town, made(town, "V001", "2016Q2", "--through", THROUGH, "--lang", "zh"))


@pytest.fixture(scope="session")
def office(tmp_path_factory):
    """Return an office of accounts, whose clerk was given another key before the second batch.

    Both villages submitted all reports. V001: B-1 of 3 people to the town without a response −1
    (三（一）2), reversed and recorded again as B-2, to the district: −2, so 20 − 2 = 18 in 2016Q2.
    """
    folder = tmp_path_factory.mktemp("office")
    office = Office(f"sqlite:///{folder}/tally.db")
    make_key(office.url)
    office.open("王主任", "verifier")
    office.open("小李", "clerk", "王主任")
    office.ledger.adopt(2016, BUILT_IN, read_measure(BUILT_IN), "禾松政办发（2015）9号", "小李")
    office.ledger.verify(["measure:2016"], "王主任")
    entries = [*UNITS, *reports("V001", *MONTHS), *reports("V002", *MONTHS), batch()]
    office.ledger.record(submissions([*entries, batch("B-8", unit="V002")]), "小李")
    office.ledger.send_back(["B-8"], "材料不全", "王主任")
    office.ledger.verify(None, "王主任")
    office.ledger.verify(["B-8"], "王主任")
    office.open("甲村", "unit", "王主任", unit="V001")
    office.reset("小李", "王主任")
    taken_back = {"kind": "reversal", "id": "B-1.R", "of": "B-1", "reason": "级别有误"}
    again = batch("B-2", matter="XF-B-1", level="district")
    office.ledger.record(submissions([taken_back, again]), "小李")
    office.ledger.verify(None, "王主任")
    office.ledger.object("B-2", "V001", "并非到县", "甲村")
    sign_head(office.store, load_key(office.url), [])
    office.store.close()
    return Tally(folder, folder / "tally.db")


@pytest.fixture(scope="session")
def office_packet(office):
    """Return the packet of V001 in 2016Q2."""
    return Packet(office, made(office, "V001", "2016Q2", "--through", THROUGH))
