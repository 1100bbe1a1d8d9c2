"""Read a region and ask its towns, with remarks and the exit status that commands share."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from projections.region.engines.engine import Engine
    from projections.region.messages import Question
    from projections.region.running import Outcome
    from projections.region.towns import Region


def opened_region(file: Path) -> Region:
    """Return the region of a file, with remarks on it.

    Raises:
        RegionError: the file or its list of towns has faults.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from projections.region.towns import read_region  # noqa: PLC0415

    region = read_region(file)
    for words in region.remarks():
        remark(words)
    return region


@contextmanager
def asked(
    file: Path, question: Question, make_engine: Callable[[], Engine], form: str
) -> Iterator[Outcome]:
    """Give what came of a question to a region's towns; the block writes it. See `answered`."""
    from projections.region.running import ask  # noqa: PLC0415 - not for --help

    def find(region: Region, engine: Engine) -> Outcome:
        return ask(region, question, engine)

    with answered(opened_region(file), find, make_engine, form) as outcome:
        yield outcome


@contextmanager
def answered(
    region: Region,
    find: Callable[[Region, Engine], Outcome],
    make_engine: Callable[[], Engine],
    form: str,
) -> Iterator[Outcome]:
    """Give what a function finds of a region's towns on an engine; the block writes it.

    Raises:
        SystemExit: with 1, once it is written: a town did not answer.
    """
    from cli.output.region.outcome import remark_lost, remark_no_units  # noqa: PLC0415

    with closing(make_engine()) as engine:
        outcome = find(region, engine)
    yield outcome
    remark_no_units(outcome)
    if outcome.lost:
        if form in {"csv", "xlsx"}:
            remark_lost(outcome)
        raise SystemExit(1)
