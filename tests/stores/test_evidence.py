"""Papers lie beside a SQLite file, beside the key of a PostgreSQL ledger; many add them at once."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO

import pytest

from ledger.evidence import EvidenceError, Papers
from ledger.integrity.check import Check
from projections.adopted import Measures
from tests.stores.stored import Clock, ledger, unit
from tests.support import submissions

SCAN = b"scan"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def checked(store):
    return Check(store, [], Measures, papers=Papers(store.url)).run()


def test_a_paper_is_kept_and_proved_on_either_store(store, tmp_path):
    papers = Papers(store.url)
    digest = papers.add(BytesIO(SCAN), "scan.pdf")
    assert digest == sha256(SCAN).hexdigest()
    beside = tmp_path if store.url.startswith("sqlite") else tmp_path / "config" / "tally"
    assert papers.folder.parent == beside
    named = {**unit("V1"), "evidence": [{"name": "scan.pdf", "sha256": digest}]}
    ledger(store, Clock()).record(submissions([named]), "clerk")
    report = checked(store)
    assert (report.findings, report.papers) == ([], (1, 0, 0))
    papers.path(digest).write_bytes(b"scam")
    (found,) = checked(store).findings
    assert (found.kind, found.position, found.id) == ("evidence", 1, "V1")


def test_many_threads_keep_the_same_and_other_papers_at_once(sqlite_url):
    papers = Papers(sqlite_url)
    contents = [b"%d" % (number % 5) * 300_000 for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda one: papers.add(BytesIO(one), "scan"), contents))
    assert given == [sha256(one).hexdigest() for one in contents]
    assert papers.kept() == sorted({*given})
    assert not [*papers.folder.glob("*.part")]
    for digest in papers.kept():
        found = BytesIO()
        papers.copy(digest, found)
        assert sha256(found.getvalue()).hexdigest() == digest


def test_a_stream_that_fails_leaves_nothing(sqlite_url):
    class Broken(BytesIO):
        def read(self, size=-1):
            found = super().read(size)
            if not found:
                raise OSError(5, "Input/output error")
            return found

    papers = Papers(sqlite_url)
    with pytest.raises(EvidenceError, match=r"scan cannot be kept in .*: Input/output error"):
        papers.add(Broken(SCAN), "scan")
    assert [*papers.folder.rglob("*")] == []
