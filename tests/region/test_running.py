"""All towns are asked one question; those that cannot answer are named, and no other is lost."""

import sqlite3
from contextlib import closing
from datetime import date

import msgspec
import pytest

from ledger.application import Ledger
from ledger.errors import TallyError
from ledger.message import Message
from ledger.stores import open_store
from projections.adopted import Measures
from projections.region import chunks, running
from projections.region.engines.engine import Done, NoWorkersError
from projections.region.engines.here import Here
from projections.region.faults import FoldFaultError
from projections.region.messages import CheckQuestion, ScoreQuestion, decode_answer, encode
from projections.region.running import ask
from projections.region.towns import read_region
from tests.region.regions import Counting, Losing, region_of, write_region
from tests.region.small_towns import QUESTION, code_of, events_of, make_town, restore
from tests.support import submissions


def reasons(outcome):
    return {code: str(FoldFaultError(fault)) for code, fault in outcome.lost.items()}


UNIT = {"kind": "unit", "id": "V003", "name": "样例村3", "type": "village"}


def append(url, entry=UNIT):
    with closing(open_store(url)) as store:
        Ledger(store, Measures).record(submissions([entry]), "clerk", verify_by="head")
        return store.position()


@pytest.fixture(scope="module")
def five(tmp_path_factory):
    """A region of five towns, which tests only read."""
    return region_of(tmp_path_factory.mktemp("five"), 5)


def test_only_towns_that_moved_are_folded_again(tmp_path):
    region = region_of(tmp_path, 3)
    first = ask(region, QUESTION, Here())
    assert (first.kept, len(first.values), first.lost) == (0, 3, {})
    position = append(f"sqlite:///{tmp_path}/1.db")
    engine = Counting()
    again = ask(region, QUESTION, engine)
    assert engine.chunks == [[code_of(1)]]
    assert again.kept == 2
    assert list(again.values) == list(first.values) == [code_of(n) for n in range(3)]
    assert again.positions == {**first.positions, code_of(1): position}
    assert again.values[code_of(0)] == first.values[code_of(0)]
    assert len(again.values[code_of(1)].units) == len(first.values[code_of(1)].units) + 1


@pytest.fixture(params=["file", "server"])
def single(request, tmp_path):
    """A region of one town, the URL of its ledger and a function that removes the ledger."""
    if request.param == "file":
        make_town(f"sqlite:///{tmp_path}/0.db", 0)
        path = write_region(tmp_path, [f"{code_of(0)},样例镇0,,,0.db"])
        yield read_region(path), f"sqlite:///{tmp_path}/0.db", (tmp_path / "0.db").unlink
        return
    server, schema = request.getfixturevalue("server"), "region_restored"

    def drop():
        with server.connect() as connection:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")

    make_town(server.schema(schema), 0)
    up = server.url.replace(":@", "@")
    rows = [f"{code_of(0)},样例镇0,up,{schema},"]
    path = write_region(tmp_path, rows, f'[servers.up]\nurl = "{up}"\n')
    yield read_region(path), server.schema(schema), drop
    drop()


def test_a_ledger_restored_and_filled_to_the_same_position_is_folded_anew(single):
    """Its last event is another one, although its position is that of the kept answer."""
    region, url, remove = single
    backup = events_of(url)
    card = {"kind": "yellow_card", "id": "HP-1", "issued_on": "2016-06-20"}
    append(url, {**card, "unit": "V001"})
    before = ask(region, QUESTION, Here())
    assert ask(region, QUESTION, Here()).kept == 1

    remove()
    restore(url, backup)
    append(url, {**card, "unit": "V002"})
    after = ask(region, QUESTION, Here())
    assert after.positions == before.positions
    assert (after.kept, after.lost) == (0, {})
    # The card, which costs 2 points of 35, is now the other village's.
    found = [{u.unit: u.total for u in one.values[code_of(0)].units} for one in (before, after)]
    assert found == [{"V001": "33", "V002": "35"}, {"V001": "35", "V002": "33"}]
    assert ask(region, QUESTION, Here()).kept == 1


def test_another_question_is_folded_anew_and_a_check_is_never_kept(tmp_path):
    region = region_of(tmp_path, 2)
    questions = [QUESTION, ScoreQuestion(QUESTION.today, 2016, date(2016, 6, 30))]
    for question in questions:
        assert ask(region, question, Here()).kept == 0
    for question in questions:
        assert ask(region, question, Here()).kept == 2
    for _ in range(2):
        checked = ask(region, CheckQuestion(), Here())
        assert checked.kept == 0
        assert all(not one.findings for one in checked.values.values())


@pytest.mark.parametrize("damage", [b"no database", b"", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_of_kept_answers_is_made_anew(tmp_path, damage):
    region = region_of(tmp_path, 2)
    kept = tmp_path / "region.toml.kept"
    ask(region, QUESTION, Here())
    kept.write_bytes(damage)
    assert ask(region, QUESTION, Here()).kept == 0
    assert ask(region, QUESTION, Here()).kept == 2
    with closing(sqlite3.connect(kept)) as connection:
        connection.execute("DROP TABLE answers")
    assert ask(region, QUESTION, Here()).kept == 0
    assert ask(region, QUESTION, Here()).kept == 2


def test_where_answers_cannot_be_kept_all_towns_answer_all_the_same(tmp_path):
    region = region_of(tmp_path, 2)
    (tmp_path / "region.toml.kept").mkdir()
    for _ in range(2):
        outcome = ask(region, QUESTION, Here())
        assert (outcome.kept, len(outcome.values)) == (0, 2)


def test_what_was_answered_before_an_interruption_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 1)

    class Interrupted(Here):
        def run(self, chunks):
            yield from super().run(chunks[:2])
            raise KeyboardInterrupt

    region = region_of(tmp_path, 3)
    with pytest.raises(KeyboardInterrupt):
        ask(region, QUESTION, Interrupted())
    again = ask(region, QUESTION, Here())
    assert (again.kept, len(again.values)) == (2, 3)


def test_an_answer_serves_on_another_day_if_the_day_does_not_matter(tmp_path):
    """It does where neither a day nor the end of the year, 30 November, bounds what counts."""
    region = region_of(tmp_path, 1)
    days = [date(2016, 6, 1), date(2016, 6, 2), date(2016, 12, 1), date(2017, 3, 1)]
    throughs = []
    for today, kept in zip([*days, days[1]], [0, 0, 0, 1, 0], strict=True):
        found = ask(region, ScoreQuestion(today, 2016), Here())
        assert found.kept == kept, today
        throughs += [one.through for one in found.values.values()]
    assert throughs == [days[0], days[1], date(2016, 11, 30), date(2016, 11, 30), days[1]]
    for today, kept in zip(days, [0, 1, 1, 1], strict=True):
        question = ScoreQuestion(today, 2016, date(2016, 3, 31))
        assert ask(region, question, Here()).kept == kept, today


def test_answers_to_the_last_questions_alone_are_kept(tmp_path):
    region = region_of(tmp_path, 1)
    questions = [ScoreQuestion(date(2017, 1, 1), 2016, date(2016, 6, n)) for n in range(1, 11)]
    for question in questions:
        ask(region, question, Here())
    kept = [ask(region, question, Here()).kept for question in reversed(questions)]
    assert kept == [1] * 4 + [0] * 6


def test_a_lost_chunk_is_folded_town_by_town_and_the_culprit_named(five, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 3)
    region = msgspec.structs.replace(five, file="")
    engine = Losing({code_of(1)}, TallyError(Message("the worker died.")))
    outcome = ask(region, QUESTION, engine)
    assert list(outcome.values) == [code_of(n) for n in (0, 2, 3, 4)]
    assert outcome.counted() == "4 of 5 towns"
    assert reasons(outcome) == {
        code_of(1): "folded alone, it was lost again: the worker died. Fold it by itself (`tally "
        "score --ledger URL`) to see the cause."
    }
    together = [[code_of(n) for n in (0, 1, 2)], [code_of(3), code_of(4)]]
    assert engine.chunks == [*together, *([code_of(n)] for n in (0, 1, 2))]


def test_a_task_is_encoded_when_its_chunk_is_run(five, monkeypatch):
    """Tasks of a reform have 10 kB each, so 38,600 of them at once would be 386 MB."""
    monkeypatch.setattr(chunks, "CHUNK", 2)
    made, before = [], []
    monkeypatch.setattr(running, "encode", lambda task: (made.append(task.town), encode(task))[1])

    class Watching(Here):
        def run(self, chunks):
            for done in super().run(chunks):
                before.append(len(made))
                yield done

    region = msgspec.structs.replace(five, file="")
    assert len(ask(region, QUESTION, Watching()).values) == 5
    assert before == [2, 4, 5]


def test_without_workers_nothing_is_tried_again(five, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 3)
    region = msgspec.structs.replace(five, file="")
    engine = Losing({code_of(1)}, NoWorkersError(Message("no worker is left.")))
    outcome = ask(region, QUESTION, engine)
    assert reasons(outcome) == {code_of(n): "no worker is left." for n in range(3)}
    assert len(engine.chunks) == 2


def test_answers_of_other_code_are_refused_by_name(five):
    class OtherCode(Here):
        def run(self, chunks):
            for done in super().run(chunks):
                answers = [decode_answer(one) for one in done.answers]
                changed = [msgspec.structs.replace(one, program="0" * 64) for one in answers[:1]]
                yield Done(done.chunk, [*map(encode, changed), b"\x93", *done.answers[2:]])

    outcome = ask(msgspec.structs.replace(five, file=""), QUESTION, OtherCode())
    assert list(outcome.lost) == [code_of(0), code_of(1)]
    for code, other in ((code_of(0), "000000000000"), (code_of(1), "?")):
        assert f"is that of other code ({other}) than this (" in reasons(outcome)[code]


def test_the_fault_of_a_task_that_a_worker_cannot_decode_is_that_of_its_town(five):
    class OtherForm(Here):
        def run(self, chunks):
            yield from super().run([[b"no task", *chunk[1:]] for chunk in chunks])

    outcome = ask(msgspec.structs.replace(five, file=""), QUESTION, OtherForm())
    assert list(outcome.values) == [code_of(n) for n in range(1, 5)]
    assert "has other code" in reasons(outcome)[code_of(0)]


def test_answers_of_another_town_or_position_are_refused_and_missing_ones_too(five):
    class Confused(Here):
        def run(self, chunks):
            for done in super().run(chunks):
                _, second, third, *_ = map(decode_answer, done.answers)
                past = msgspec.structs.replace(third, position=third.position - 1)
                yield Done(done.chunk, [*map(encode, (second, second, past)), done.answers[3]])

    outcome = ask(msgspec.structs.replace(five, file=""), QUESTION, Confused())
    assert list(outcome.values) == [code_of(1), code_of(3)]
    assert list(outcome.lost) == [code_of(0), code_of(2), code_of(4)]
    assert all("is that of other code (" in why for why in reasons(outcome).values())


def test_towns_are_folded_up_to_given_positions(five):
    heads = ask(five, QUESTION, Here()).positions
    given = {code_of(0): 3, code_of(1): heads[code_of(1)], code_of(2): heads[code_of(2)] + 1}
    outcome = ask(five, QUESTION, Here(), given)
    assert outcome.positions == {code_of(0): 3, code_of(1): heads[code_of(1)]}
    assert outcome.values[code_of(0)].units == ()
    missing = "no position is given for it"
    assert reasons(outcome) == {
        code_of(2): f"position {heads[code_of(2)] + 1} lies beyond the ledger's end, "
        f"{heads[code_of(2)]}",
        **{code_of(n): missing for n in (3, 4)},
    }


def test_towns_on_servers_and_in_files_answer_where_one_server_is_down(tmp_path, server):
    """Chunks take turns between servers; a missing schema and a server that is down are named."""
    schemas = [f"region_{n}" for n in range(3)]
    for number, schema in enumerate(schemas[:2]):
        make_town(server.schema(schema), number)
    make_town(f"sqlite:///{tmp_path}/3.db", 3)
    rows = [f"{code_of(n)},样例镇{n},up,{schema}," for n, schema in enumerate(schemas)]
    rows += [f"{code_of(3)},样例镇3,,,3.db", f"{code_of(4)},样例镇4,down,{schemas[0]},"]
    down = "postgresql://clerk@127.0.0.1:1/tally"
    up = server.url.replace(":@", "@")
    servers = f'[servers.up]\nurl = "{up}"\n[servers.down]\nurl = "{down}"\n'
    region = read_region(write_region(tmp_path, rows, servers))
    try:
        outcome = ask(region, QUESTION, Here())
    finally:
        with server.connect() as connection:
            for schema in schemas[:2]:
                connection.execute(f"DROP SCHEMA {schema} CASCADE")
    assert list(outcome.values) == [code_of(n) for n in (0, 1, 3)]
    # A yellow card more costs its village the same in each ledger.
    totals = [{u.unit: u.total for u in one.units} for one in outcome.values.values()]
    assert [one["V002"] for one in totals] == [totals[0]["V002"]] * 3
    assert len({one["V001"] for one in totals}) == 3
    why = reasons(outcome)
    assert "there is no schema region_2" in why[code_of(2)]
    assert "127.0.0.1" in why[code_of(4)]
