"""Read a region and ask its towns, with remarks and the exit status that commands share."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from projections.query import ScoreQuery
    from projections.region.engines.engine import Engine
    from projections.region.messages import Question, ScoreQuestion
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
    """Give what came of a question to a region's towns; the block writes it.

    Raises:
        RegionError: the file or its list of towns has faults.
        SystemExit: with 1, once it is written: a town did not answer.
    """
    from cli.output.region.outcome import remark_lost  # noqa: PLC0415 - not for --help
    from projections.region.running import ask  # noqa: PLC0415

    region = opened_region(file)
    with closing(make_engine()) as engine:
        outcome = ask(region, question, engine)
    yield outcome
    if outcome.lost:
        if form in {"csv", "xlsx"}:
            remark_lost(outcome)
        raise SystemExit(1)


def score_question(query: ScoreQuery) -> ScoreQuestion:
    """Return the question that options ask of every town.

    Raises:
        OptionError: `--as-of` names a position, of which every ledger has its own.
    """
    from cli.options import OptionError  # noqa: PLC0415 - not for --help
    from cli.session import today  # noqa: PLC0415
    from projections.region.messages import ScoreQuestion  # noqa: PLC0415

    if isinstance(query.as_of, int):
        words = Message("every ledger has positions of its own; give a day or a time")
        raise OptionError("--as-of", words)
    return ScoreQuestion(today(), query.year, query.through, query.as_of, query.provisional)
