"""Adoptions of whole measures on either store: races, sizes, copies."""

from contextlib import closing
from itertools import groupby

import pytest

from ledger.adopting import MOST_CONTENT
from ledger.adoptions import measure_sha256
from ledger.integrity.check import Check
from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.transfer import transfer
from ledger.stores import create_store
from projections.adopted import Measures
from projections.measure import BUILT_IN, read_measure
from tests.stores.stored import Clock, ledger, unit, whole
from tests.stores.workers import CONTEXT, adopt, write
from tests.support import submissions

YEARS = range(2001, 2011)
ADOPTERS = ("甲", "乙", "丙", "丁")


def finished(processes):
    start = processes[0][1][-1]
    running = [CONTEXT.Process(target=work, args=arguments) for work, arguments in processes]
    for one in running:
        one.start()
    start.set()
    for one in running:
        one.join()
        assert one.exitcode == 0


def test_adopters_and_importers_do_not_disturb_each_other(store, url):
    """Four adopt for the same ten years and verify what another adopted; two import meanwhile.

    In each year's stream adoptions and verifications alternate, never by one and the same name;
    every import is there, in one piece.
    """
    start = CONTEXT.Event()
    finished(
        [
            *((adopt, (url, name, YEARS, start)) for name in ADOPTERS),
            *((write, (url, f"W{n}", 20, 3, start)) for n in range(2)),
        ]
    )
    rows = whole(store)
    streams = {}
    for row in rows:
        if row.originator_id.startswith("measure:"):
            streams.setdefault(row.originator_id, []).append(row)
    assert set(streams) == {f"measure:{year}" for year in YEARS}
    state = ledger(store).state()
    for name, stream in streams.items():
        year = int(name[-4:])
        assert [row.originator_version for row in stream] == [*range(1, len(stream) + 1)], name
        topics = [row.topic for row in stream]
        assert topics == (["tally.MeasureAdopted", "tally.EntryVerified"] * 9)[: len(topics)], name
        for adoption in state.adoptions[year]:
            assert adoption.verified is None or adoption.verified.by != adoption.ref.by
    batches = [row.originator_id.rpartition("-")[0] for row in rows]
    imports = [name for name in batches if name.startswith("W")]
    assert len(imports) == 2 * 20 * 3 * 2
    pieces = [name for name, _ in groupby(batches)]
    assert [pieces.count(name) for name in set(imports)] == [1] * 40
    assert Check(store, [], Measures).run().findings == []


def test_an_import_that_an_adoption_overtakes_is_validated_under_it(store):
    """A reading that only the adopted measure lacks is refused on the second try."""
    book, other = ledger(store, Clock()), ledger(store, Clock())
    book.record(submissions([unit("V001")]), "clerk", "head")
    validated = []

    class Named:
        def __init__(self, adoptions):
            self.adopted = sorted(adoptions)

        def kinds(self):
            return {}

        def objections(self, entry):
            validated.append(self.adopted)
            if not self.adopted:
                other.adopt(entry.year, "theirs", read_measure(BUILT_IN), "决定", "clerk")
            return [("reading", "is not a reading")] if self.adopted else []

    book._measure_at = Named
    ruling = {"kind": "ruling", "id": "RU-1", "year": 2016, "reading": "late_until"}
    entry = {**ruling, "value": "month_end", "basis": "决定"}
    with pytest.raises(Exception, match="reading: is not a reading"):
        book.record(submissions([entry]), "clerk")
    assert [one for one, _ in groupby(validated)] == [[], [2016]]
    assert [row.originator_id for row in whole(store)][2:] == ["measure:2016"]


@pytest.mark.parametrize("size", [1, 100_000, MOST_CONTENT])
def test_content_of_any_size_comes_back_as_it_was_written(store, tmp_path, size):
    """Characters of three bytes; also from a copy in a file."""
    files = {**read_measure(BUILT_IN), "text.txt": ""}
    content = {**files, "text.txt": "规" * min(size, MOST_CONTENT - sum(map(len, files.values())))}
    ledger(store).adopt(2017, "ours", content, "决定", "clerk", founding=True)
    assert ledger(store).state().adoption(2017).event.content == content
    with closing(create_store(f"sqlite:///{tmp_path}/copy.db")) as copy:
        transfer(store, copy, [])
        assert leaf_hashes(copy) == leaf_hashes(store)
        event = ledger(copy).state().adoption(2017).event
        assert measure_sha256(event.content) == event.sha256
        assert Check(copy, [], Measures).run().findings == []
