"""Regions of small ledgers in files, and engines that count or lose what they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.region.engines.engine import Done
from projections.region.engines.here import Here
from projections.region.messages import decode_task
from projections.region.towns import read_region
from tests.region.small_towns import code_of, make_town

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from ledger.errors import TallyError
    from projections.region.towns import Region

HEADER = "行政区划代码,名称,服务器,模式,文件"


def write_region(folder: Path, rows: Sequence[str], servers: str = "") -> Path:
    """Write a region's two files; return the path of the first."""
    (folder / "towns.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    path = folder / "region.toml"
    path.write_text(f'name = "样例县"\ntowns = "towns.csv"\n{servers}', encoding="utf-8")
    return path


def make_region(folder: Path, number: int) -> Path:
    """Make towns in files and a region of them; return the path of its file."""
    for one in range(number):
        make_town(f"sqlite:///{folder}/{one}.db", one)
    rows = [f"{code_of(one)},样例镇{one},,,{one}.db" for one in range(number)]
    return write_region(folder, rows)


def region_of(folder: Path, number: int) -> Region:
    return read_region(make_region(folder, number))


class Counting(Here):
    """The plain loop, which lists the towns of each chunk that it is given."""

    def __init__(self) -> None:
        self.chunks = list[list[str]]()

    def run(self, chunks: Sequence[list[bytes]]) -> Iterator[Done]:
        self.chunks += [[decode_task(task).town for task in chunk] for chunk in chunks]
        yield from super().run(chunks)


class Losing(Counting):
    """The plain loop, which loses each chunk that has one of some towns."""

    def __init__(self, towns: Collection[str], error: TallyError) -> None:
        super().__init__()
        self._towns, self._error = towns, error

    def run(self, chunks: Sequence[list[bytes]]) -> Iterator[Done]:
        for done in super().run(chunks):
            towns = [decode_task(task).town for task in chunks[done.chunk]]
            lost = any(town in self._towns for town in towns)
            yield Done(done.chunk, None, self._error) if lost else done
