"""A region of six small towns in three counties, under two measures, one of them damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ledger.application import Ledger
from ledger.stores import create_store
from projections.adopted import Measures
from projections.measure import BUILT_IN, read_measure
from tests.cli.running import Tally

FIRES = Path(__file__).parents[1] / "pages" / "measures" / "fires-2021"
HEADER = "行政区划代码,名称,文件,省,市,县"

VILLAGES, HILLS = "430681101", "430701101"
DAMAGED = "430701102"

VETOED = "430682101"
"""Its V001 was criticised by the province: a flag, which is no deduction."""

CARDS = {VILLAGES: 0, "430681102": 2, VETOED: 3, DAMAGED: 1}
"""Yellow cards of V001 of each town under the measure of inspections."""
BURNT = {"430682102": 0, HILLS: 1}
"""Fires in V001 of each town under the measure of fires."""

_COUNTIES = {"430681": "上溪市,甲样县", "430682": "上溪市,乙样县", "430701": "下溪市,丙样县"}


def make_small_region(folder):
    """Make the region; return the path of its file.

    Under the measure of inspections nobody submits a report: in each of four quarters three
    screening reports are missing, −1 each, and three months of 2 cases are short, −3 each:
    20 − 3 − 9 = 8. Nobody came to the town in a year: +3. A yellow card is −2. So V002 has
    4 × 8 + 3 = 35, and V001 has 35 − 2 × cards; 13 items of each are not inspected. Under the
    measure of fires every village opens with 100; one of over 300 square metres is −10.

    | county | town | totals | |
    | 甲样县 430681 | 101, 102 | 35, 35; 31, 35 | mean 136 / 4 = 34 |
    | 乙样县 430682 | 101 | 29, 35 | mean 64 / 2 = 32 |
    | 乙样县 430682 | 102 (fires) | 100, 100 | mean 100 |
    | 丙样县 430701 | 101 (fires) | 90, 100 | mean 95 |
    | 丙样县 430701 | 102 | damaged | |
    """
    rows = []
    for number, code in enumerate(sorted({**CARDS, **BURNT}), 1):
        _make_town(folder / f"{code}.db", code)
        rows.append(f"{code},样例镇{number},{code}.db,样例省,{_COUNTIES[code[:6]]}")
    _damage(folder / f"{DAMAGED}.db")
    (folder / "towns.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    path = folder / "region.toml"
    path.write_text('name = "样例省"\ntowns = "towns.csv"\n', encoding="utf-8")
    return path


def _make_town(path, code):
    named = {"kind": "unit", "type": "village"}
    units = [{**named, "id": f"V00{n}", "name": f"样例村{code[-1]}{n}"} for n in (1, 2)]
    measure, entries = BUILT_IN, []
    if code in BURNT:
        measure = FIRES
        units = [{**one, "group": "hill"} for one in units]
        seen = {"detector": "patrol", "area": 301, "found_at": "2016-06-20T10:00:00+08:00"}
        entries = [
            {"kind": "fire", "id": f"F-{n}", "unit": "V001", **seen} for n in range(BURNT[code])
        ]
    else:
        card = {"kind": "yellow_card", "unit": "V001", "issued_on": "2016-06-20"}
        entries = [{**card, "id": f"HP-{n}"} for n in range(CARDS[code])]
        if code == VETOED:
            blame = {"kind": "criticism", "unit": "V001", "issued_on": "2016-06-05"}
            entries.append({**blame, "id": "CT-1", "issuer": "province"})
    with closing(create_store(f"sqlite:///{path}")) as store:
        ledger = Ledger(store, Measures)
        ledger.adopt(2016, str(measure), read_measure(measure), "样例办发（2015）1号", "clerk")
        ledger.verify(["measure:2016"], "head")
    Tally(path.parent, path).take_in(*units, *entries)


def _damage(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE stored_events SET state = x'00' WHERE position = 3")
