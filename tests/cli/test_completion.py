"""The shell completes commands, options and what is in the ledger, and nothing goes wrong by it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from time import perf_counter

import pytest

from tests.cli.entries import UNITS
from tests.cli.shells import asked, environment, script, typed


def village(number, name):
    return {**UNITS[0], "id": number, "name": name}


LEVELS = ["national", "province", "city", "district", "town"]
PERIODS = ["2016Q1", "2016Q2", "2016Q3", "2016Q4"]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("tally expl", ["explain"]),
        ("tally measure ad", ["adopt"]),
        ("tally region ch", ["check"]),
        ("tally region score --on l", ["local"]),
        ("tally score --prov", ["--provisional"]),
        ("tally record petition_batch --host", ["--host-unit"]),
        ("tally score --unit V00", ["V001", "V002"]),
        ("tally score --unit=V00", ["V001", "V002"]),
        ("tally score --unit 'V00", ["V001", "V002"]),
        ("tally explain ", ["V001", "V002"]),
        ("tally list --unit V00", ["V001", "V002"]),
        ("tally object B-1 --unit V00", ["V001", "V002"]),
        ("tally record yellow_card --unit V00", ["V001", "V002"]),
        ("tally record petition_batch --host-unit V00", ["V001", "V002"]),
        ("tally history B", ["B-1"]),
        ("tally verify B-1 V", ["V001", "V002"]),
        ("tally correct B", ["B-1"]),
        ("tally reverse B", ["B-1"]),
        ("tally prove B", ["B-1"]),
        ("tally decide B", ["B-1"]),
        ("tally record on_site_response --batch B", ["B-1"]),
        ("tally record reversal --of B", ["B-1"]),
        ("tally record pe", ["petition_batch"]),
        ("tally list pe", ["petition_batch"]),
        ("tally list 黄牌", ["黄牌警告"]),
        ("tally record petition_batch --level ", LEVELS),
        ("tally record petition_batch --abnormal ", ["true", "false"]),
        ("tally record petition_batch --abnormal 是", ["是"]),
        ("tally record unit --type ", ["village", "farm", "community", "outside"]),
        ("tally explain V001 2016", [*PERIODS, "2016"]),
        ("tally publish 2016q", PERIODS),
        ("tally diff --from 2016Q4", ["2016Q4"]),
        ("tally score --year ", ["2016"]),
        ("tally verify --by ", ["clerk", "head", "tally\\", "init"]),
        # bash replaces what is behind the colon.
        ("tally withdraw measure:", ["2016"]),
        ("tally verify measure:", ["2016"]),
        ("tally measure adopt qian", ["qianlianghu-2016", "dir,qian"]),
        ("tally import ", ["file,"]),
        ("tally bulletin 2016Q1 -o ", ["file,"]),
        ("tally completion ", ["bash", "zsh", "fish"]),
        ("tally score --unit nobody", []),
    ],
)
def test_offers_what_the_place_may_hold(town_ledger, line, offered):
    found = [one.removeprefix("plain,") for one in asked(line, url=town_ledger.url)]
    assert found == offered


def test_offers_names_of_units_that_one_alone_has(tally):
    twins = [village(f"V{n}", "双塘村") for n in (1, 2)]
    file = tally.file("units.jsonl", *twins, village("V3", "东 岭村"))
    tally("import", file, "--by", "clerk", "--alike").ok()
    assert asked("tally score --unit 双", url=tally.url) == []
    assert asked("tally score --unit 东", url=tally.url) == ["plain,东\\", "岭村"]


def test_a_unit_that_was_taken_back_is_not_offered(town):
    town("reverse", "V002", "--reason", "x", "--by", "clerk", "--yes").ok()
    assert asked("tally score --unit V", url=town.url) == ["plain,V001"]


def test_of_many_ids_the_next_branches_are_offered(tally):
    """V001 to V250 are too many to list; those from V200 on are not."""
    tally.take_in(*(village(f"V{n:03}", f"村{n}") for n in range(1, 251)))
    assert asked("tally history V", url=tally.url) == ["plain,V0", "plain,V1", "plain,V2"]
    # Only measure:2016 and the units are there, and nothing else begins so.
    assert asked("tally history ", url=tally.url) == ["plain,V", "plain,measure:2016"]
    assert asked("tally history V2", url=tally.url) == [f"plain,V{n}" for n in range(200, 251)]


@pytest.mark.parametrize("place", ["option", "group", "environment"])
def test_asks_the_ledger_that_the_line_names(town_ledger, tmp_path, place):
    url = town_ledger.url
    line = {
        "option": f"tally score --ledger {url} --unit V",
        "group": f"tally --ledger {url} score --unit V",
        "environment": "tally score --unit V",
    }[place]
    given = {"url": url} if place == "environment" else {}
    assert asked(line, folder=tmp_path, **given) == ["plain,V001", "plain,V002"]


def test_helps_are_in_the_language_of_the_user(town_ledger):
    more = {"_TALLY_COMPLETE": "fish_complete", "COMP_WORDS": "tally expl", "COMP_CWORD": "expl"}
    for language, words in (("zh", "说明单位每一分"), ("en", "Show every point")):
        found = asked("", url=town_ledger.url, environment={**more, "TALLY_LANG": language})
        assert words in " ".join(found)


LINES = [
    "tally score --unit ",
    "tally history ",
    "tally record ",
    "tally explain V001 ",
    "tally ' ",
]


def files(folder):
    """Return the bytes of every file in a folder, by name."""
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}


@pytest.mark.parametrize("line", LINES)
def test_nothing_is_written_and_nothing_complained_of(town, tmp_path, line):
    """Whatever is there: a ledger, none, another file, a damaged ledger, no answer."""
    before = files(town.folder)
    asked(line, url=town.url, folder=town.folder)
    assert files(town.folder) == before
    with closing(sqlite3.connect(town.path)) as connection:
        connection.execute("DROP TRIGGER no_update")
        connection.execute("UPDATE stored_events SET state = x'ff', topic = x'ff'")
        connection.commit()
    before = files(town.folder)
    asked(line, url=town.url, folder=town.folder)
    assert files(town.folder) == before
    folder = tmp_path / "empty"
    folder.mkdir()
    for url in ("sqlite:///none.db", "what"):
        asked(line, url=url, folder=folder)
        assert files(folder) == {}
    (folder / "other.db").write_bytes(b"x" * 4_096)
    asked(line, url="sqlite:///other.db", folder=folder)
    assert files(folder) == {"other.db": b"x" * 4_096}


@pytest.mark.parametrize("instruction", ["", "bash", "csh_complete", "bash_nothing"])
def test_an_unknown_question_has_no_answer(town_ledger, instruction):
    environment = {"_TALLY_COMPLETE": instruction}
    asked("tally ", url=town_ledger.url, environment=environment)


def test_a_server_that_does_not_answer_is_not_waited_for(tmp_path):
    """The address is one of the computer itself, which accepts a connection and is silent."""
    import socket  # noqa: PLC0415 - for this test alone

    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"postgresql://somebody@127.0.0.1:{server.getsockname()[1]}/town?schema=town"
        start = perf_counter()
        assert asked("tally score --unit ", url=url, folder=tmp_path) == []
        assert perf_counter() - start < 8


def needs(shell):
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"there is no {shell} here")


TYPED = [
    ("tally expl\tV001", "tally explain V001"),
    ("tally score --unit 甲\t", "tally score --unit 甲村"),
    ("tally score --unit V00\t1", "tally score --unit V001"),
    ("tally history measure:2\t", "tally history measure:2016"),
    ("tally record petition_batch --level pr\t", "tally record petition_batch --level province"),
]

EQUALS = ("tally score --unit=甲\t", "tally score --unit=甲村")


@pytest.fixture(scope="session")
def shop(tmp_path_factory, town_ledger):
    """A folder for scripts, with the ledger of a town."""
    return town_ledger.copy(tmp_path_factory.mktemp("shells"))


@needs("bash")
@pytest.mark.parametrize(
    ("keys", "line"), [*TYPED, ("tally score --unit=甲\t", "tally score --unit=甲村")]
)
def test_bash_completes_what_is_typed(shop, keys, line):
    shell = ["bash", "--norc", "--noprofile", "-i"]
    first = f". {script('bash', shop.folder)}"
    assert typed(shell, first, keys, shop.folder, shop.url) == line


@needs("zsh")
@pytest.mark.parametrize(("keys", "line"), TYPED)
def test_zsh_completes_what_is_typed(shop, keys, line):
    first = f"bindkey -e; autoload -U compinit; compinit -u -D; . {script('zsh', shop.folder)}"
    assert typed(["zsh", "-f", "-i"], first, keys, shop.folder, shop.url) == line


@needs("fish")
@pytest.mark.parametrize(("keys", "line"), TYPED)
def test_fish_completes_what_is_typed(shop, keys, line):
    """fish prints what it would complete by `complete -C`."""
    begun, rest = keys.split("\t")
    words = f"source {script('fish', shop.folder)}; complete -C '{begun}'"
    told = environment(shop.folder, shop.url)
    found = subprocess.check_output(["fish", "-N", "-c", words], env=told, text=True).splitlines()
    completed = line.removesuffix(rest).split()[-1]
    values = [one.partition("\t")[0] for one in found]
    assert any(one.startswith(completed) for one in values), found
    if not rest:
        assert values == [completed]
