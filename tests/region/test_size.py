"""A region of 2,000 towns answers again within two seconds where no ledger moved."""

import shutil

import pytest

from tests.cli.running import process
from tests.cli.test_speed import best_of
from tests.region.regions import write_region
from tests.region.small_towns import make_town

TOWNS = 2_000


@pytest.mark.slow
def test_a_rerun_over_2_000_towns_takes_less_than_two_seconds(tmp_path):
    kinds = [tmp_path / f"kind-{number}.db" for number in range(7)]
    for number, path in enumerate(kinds):
        make_town(f"sqlite:///{path}", number)
    rows = []
    for number in range(TOWNS):
        shutil.copyfile(kinds[number % 7], tmp_path / f"{number}.db")
        code = f"43{number // 700 + 1:02}{number // 20 % 35 + 10}{number % 20 + 101}"
        rows.append(f"{code},样例镇{number},,,{number}.db")
    write_region(tmp_path, rows)
    words = ("region", "score", "--region", "region.toml", "--year", "2016", "--by", "4")
    first = process(*words, "--on", "local", folder=tmp_path)
    assert first.out.startswith("样例县: 2,000 of 2,000 towns\n"), first.err

    def again(_):
        return process(*words, folder=tmp_path)

    run = again(0)
    assert "2,000 of 2,000 towns; 2,000 of them had not moved" in run.out
    assert run.out.splitlines()[1:] == first.out.splitlines()[1:]
    seconds = best_of(again, 2)
    assert seconds < 2, f"{seconds:.2f} s"
