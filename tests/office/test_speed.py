"""A workbook of 20,000 rows is read and imported in bounded time."""

from __future__ import annotations

import gc
import os
from datetime import datetime, timedelta
from time import perf_counter, process_time

import openpyxl
import pytest

from tests.cli.running import process

ROWS, UNITS, SECONDS, TRIES = 20_000, 46, 5, 5
IDLE = 0.1
"""Seconds that the work of `slowness` takes on an idle core of the machine that set the limit."""

HEADER = (
    "编号 问题引发单位 人员稳控单位 信访事项 级别 人数 发生时间 非正常上访 重复 交办重点人员 备注"
)


def slowness():
    """Return how much longer a fixed piece of work takes than on an idle core; 1 at least.

    Where both threads of a core are busy, processor time counts for half as much.
    """
    times = []
    gc.disable()  # as in the command; it would look through all objects of the tests
    for _ in range(5):
        start, found = process_time(), {}
        for number in range(100_000):
            text = f"B-{number}"
            found[text] = [number, text.upper().partition("-"), isinstance(text, str)]
            if text in found and found[text][0] % 7 == 3:
                found[text].append(text.encode())
        times.append(process_time() - start)
    gc.enable()
    return max(sum(times) / len(times) / IDLE, 1)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Return a folder with a workbook of 20,000 rows, 46 of them units."""
    folder = tmp_path_factory.mktemp("large")
    book = openpyxl.Workbook(write_only=True)
    units = book.create_sheet("单位")
    units.append(["编号", "名称", "类型"])
    for number in range(UNITS):
        units.append([f"V{number:03}", f"第{number}村", "村"])
    batches = book.create_sheet("上访批次")
    batches.append(HEADER.split())
    start = datetime(2015, 12, 1, 8)  # noqa: DTZ001 - as a cell has it
    for number in range(ROWS - UNITS):
        when = start + timedelta(days=number % 300, minutes=number % 600)
        flags = ["是" if number % 3 else "否", "否", "否"]
        place = [f"V{number % UNITS:03}", None, f"XF-{number}", "镇", 1 + number % 9]
        batches.append([f"B-{number}", *place, when, *flags, "备注" if number % 2 else None])
    book.save(folder / "large.xlsx")
    return folder


def test_imports_20_000_rows_in_less_than_five_seconds(large):
    """Processor time, the best of some tries, as it is without other work on the machine.

    The modules are compiled before, as those of an installed program are.
    """
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(large / "compiled")}
    url = f"sqlite:///{large}/0.db"
    taken = []
    while len(taken) < TRIES and (not taken or min(taken) >= SECONDS):
        url = f"sqlite:///{large}/{len(taken)}.db"
        assert process("init", folder=large, url=url).status == 0
        speed, before, start = [slowness()], os.times(), perf_counter()
        words = ("import", "large.xlsx", "--by", "clerk")
        run = process(*words, folder=large, url=url, environment=compiled.items())
        after, wall = os.times(), perf_counter() - start
        assert run.status == 0, run.err
        assert f"recorded {ROWS}," in run.out
        used = after.children_user + after.children_system
        used -= before.children_user + before.children_system
        speed.append(slowness())
        taken.append(used / max(speed))
        print(
            f"{used:.2f} s of processor time, {wall:.2f} s on the clock; by itself {taken[-1]:.2f}"
        )
    assert min(taken) < SECONDS, f"{min(taken):.2f} s"
