"""Whatever name an event gives, the role that appended it is kept and shown."""

from contextlib import closing

from ledger.stores import grant, open_store
from tests.cli.running import Tally
from tests.stores.granted import NAMED, event, user
from tests.stores.stored import note, record, unit, whole


def test_verification_under_another_name_shows_the_role(append, owner, clerk):
    """`by` is whatever the writer types; the server records whose session it was."""
    assert append(state=event()) == 2
    with closing(open_store(owner)) as store:
        assert store.sessions([1, 2, 3, 4]) == {1: user(owner), 2: user(owner), 3: user(clerk)}


def test_import_in_several_calls_records_the_role_of_each_event(clerk):
    store = open_store(clerk)
    assert record(store, *(unit(f"W{i}") for i in range(4500)), verify_by="head").position == 9002
    found = store.sessions([2, 3, 2002, 2003, 6000, 9002, 9003])
    assert {position for position, role in found.items() if role == user(clerk)} == {
        *(3, 2002, 2003, 6000, 9002),
    }
    assert len(whole(store)) == 9002
    store.close()


def test_role_of_a_session_is_the_login_whatever_it_sets(append, server, clerk, role_of, owner):
    """`SET ROLE` to a role that one is a member of hides nothing."""
    other = user(role_of("group"))
    grant(owner, other)
    with server.connect() as database:
        database.execute(f"GRANT {other} TO {user(clerk)}")
    append.connection.execute(f"SET ROLE {other}")
    assert append() == 2
    with closing(open_store(owner)) as store:
        assert store.sessions([3]) == {3: user(clerk)}


def test_history_shows_the_role_where_it_is_another_name_than_by(append, owner, clerk, tmp_path):
    """A clerk verifies by the head's name: the name is the head's, the session is not."""
    recorded = event(entry=unit("V3"), import_number=3)
    assert append(name="V3", version=1, topic=NAMED, state=recorded) == 2
    assert append(3, name="V3", version=2) == 3
    run = Tally(tmp_path)
    found = run("history", "V3", "--ledger", owner, "--json").ok().json
    told = [(one["event"], one["by"], one.get("session_user")) for one in found["events"]]
    assert told == [("recorded", "head", user(clerk)), ("verified", "head", user(clerk))]
    assert f"session_user: {user(clerk)}" in run("history", "V3", "--ledger", owner).ok().out


def test_history_is_silent_where_the_role_is_the_name(clerk, tmp_path):
    with closing(open_store(clerk)) as store:
        record(store, unit("V4"), by=user(clerk))
    found = Tally(tmp_path)("history", "V4", "--ledger", clerk, "--json").ok().json
    assert [one.get("session_user") for one in found["events"]] == [None]


def test_init_grants_and_upgrades_by_its_options(owner, role_of, tmp_path):
    url, run = role_of("signer"), Tally(tmp_path)
    given = "init", "--grant", user(url), "--checkpoints", "--ledger", owner
    assert f"{user(url)} may append to" in run(*given).ok().out
    with closing(open_store(url)) as store:
        store.checkpoints.keep(2, note(2))
    assert run("init", "--upgrade", "--ledger", owner, "--json").ok().json["upgraded"] is True
    with closing(open_store(url)) as store:
        assert len(whole(store)) == 2
        assert store.checkpoints.kept() == [(2, note(2))]
    assert (
        "the ledger's owner upgrades it" in run("init", "--upgrade", "--ledger", url).refused().err
    )
    for wrong in (["--checkpoints"], ["--upgrade", "--grant", "x"]):
        assert run("init", *wrong, "--ledger", owner).status == 2
