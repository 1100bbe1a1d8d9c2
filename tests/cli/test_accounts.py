"""`account`: opening, closing, resetting; keys and passphrases; what every command then asks."""

from __future__ import annotations

import json
import os
import stat

import pytest

from tests.cli.accounts import (
    PASSPHRASE,
    import_units,
    key_file,
    key_files,
    opened,
    passphrases,
    tally,
)
from tests.cli.entries import UNITS
from tests.cli.running import Tally

__all__ = ["opened", "passphrases", "tally"]


def test_the_first_month_by_two_accounts_is_proved(tally):
    number = import_units(tally).ok().json["import"]
    tally("verify", "--import", number, "--by", "王主任").ok()
    found = tally("check", "--json").ok().json
    assert found["verified"] == {
        "two_keys": len(UNITS),
        "names_as_typed": 0,
        "accounts": 3,
        "unproved": [],
    }
    assert (
        f"verified entries: {len(UNITS)} by two accounts with two keys, 0 by names as typed"
        in tally("check").ok().out
    )


def test_a_ledger_without_accounts_says_names_as_typed(tmp_path):
    tally = Tally(tmp_path).founded()
    tally.take_in(*UNITS)
    assert "who recorded and who verified: names as typed" in tally("check").ok().out
    assert tally("account", "list").ok().out == "no accounts: names as typed\n"
    assert tally("account", "list", "--json").ok().json == {"accounts": [], "position": 5}


def test_list_shows_when_and_why_an_account_was_given_another_key(tally):
    tally("account", "reset", "小李", "--reason", "遗失", "--by", "王主任").ok()
    found = tally("account", "list", "--json").ok().json["accounts"][2]
    (reset,) = found["resets"]
    assert (reset["position"], reset["by"], reset["reason"]) == (8, "王主任", "遗失")
    assert "another key at position 8 by 王主任: 遗失" in tally("account", "list").ok().out


def test_list_shows_accounts_with_roles_and_keys(tally):
    tally("account", "close", "小 李", "--reason", "调离", "--by", "陈副主任").ok()
    found = tally("account", "list", "--json").ok().json
    assert [(one["account"], one["role"], one["closed"] and one["closed"]["by"]) for one in
            found["accounts"]] == [
        ("王主任", "verifier", None),
        ("陈副主任", "verifier", None),
        ("小李", "clerk", "陈副主任"),
    ]  # fmt: skip
    lines = tally("account", "list").ok().out.splitlines()
    key = found["accounts"][2]["key"]
    assert lines[2] == (
        f"小李: clerk, key {key}, opened at position 6 by 王主任; "
        "closed at position 8 by 陈副主任: 调离"
    )
    rows = tally("account", "list", "--format", "csv").ok().out.splitlines()
    assert rows[0] == "account,role,unit,login,key,opened,closed"
    assert len(rows) == 4


def test_the_key_lies_encrypted_beside_the_ledger_for_its_owner_alone(tally):
    path = key_file(tally, "小李")
    found = json.loads(path.read_bytes())
    assert sorted(found) == ["account", "format", "nonce", "public", "salt", "sealed"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    # Neither the key nor the passphrase is in the ledger.
    rows = b"".join(row[-1] for row in tally.rows())
    assert found["public"].encode() in rows
    assert found["sealed"].encode() not in rows


def test_opening_says_where_the_key_is(tally):
    run = tally("account", "add", "赵/某", "--role", "auditor", "--by", "王主任", "--json").ok()
    path = key_file(tally, "赵%2F某")
    assert path.name == f"赵%2F某.{run.json['key']}.key"
    assert run.json == {**run.json, "account": "赵/某", "position": 8, "file": str(path)}


def test_a_single_verifier_is_told_to_open_a_second_one(tmp_path):
    tally = Tally(tmp_path).founded()
    error = tally("account", "add", "王主任", "--role", "verifier").ok().err
    assert "王主任 is the only verifier: open a second one" in error


@pytest.mark.parametrize("name", ["clerk", "小丁"])
def test_other_names_are_refused(tally, name):
    before = tally.stored()
    error = import_units(tally, name).refused().err
    assert f"by: {name} is no account of this ledger; one of 王主任, 陈副主任, 小李" in error
    assert tally.stored() == before


@pytest.mark.parametrize(
    "words",
    [
        ["verify", "--all"],
        ["return", "V001", "--reason", "有误"],
        ["publish", "2016Q1"],
        ["measure", "adopt", "qianlianghu-2016", "--year", "2017", "--basis", "文件"],
        ["set-aside", "1", "--reason", "损坏"],
        ["withdraw", "2016Q1", "--reason", "有误"],
        ["object", "V001", "--unit", "V001", "--reason", "有误"],
        ["decide", "V001.O", "upheld", "--reason", "属实"],
        ["reverse", "V001", "--reason", "重复", "--yes"],
        ["correct", "V001", "--set", "name=庚村", "--reason", "有误", "--yes"],
        ["account", "add", "小周", "--role", "clerk"],
        ["account", "close", "小李", "--reason", "调离"],
        ["account", "reset", "小李", "--reason", "遗失"],
    ],
    ids=" ".join,
)
def test_every_command_that_appends_asks_for_an_account(tally, words):
    import_units(tally).ok()
    before = tally.rows()
    assert "小丁 is no account of this ledger" in tally(*words, "--by", "小丁").refused().err
    assert tally.rows() == before


def test_import_that_verifies_at_once_is_refused_and_says_what_to_do(tally):
    path = tally.file("units.jsonl", *UNITS)
    error = tally("import", path, "--by", "小李", "--verify-by", "王主任").refused().err
    assert "tally verify --import N --by 王主任" in " ".join(error.split())


def test_a_clerk_opens_no_account(tally):
    error = tally("account", "add", "小周", "--role", "clerk", "--by", "小李").refused().err
    assert "小李 has the role clerk, which appends no event “opened”" in " ".join(error.split())
    assert key_files(tally, "小周") == []


def test_a_closed_account_appends_nothing(tally):
    tally("account", "close", "小李", "--reason", "调离", "--by", "王主任").ok()
    assert "小李 was closed at position 8" in import_units(tally).refused().err
    add = ["account", "add", "小 李", "--role", "clerk", "--by", "王主任"]
    assert "is closed and not opened again" in " ".join(tally(*add).refused().err.split())


# ---- the proofs
def test_signed_appends_are_backed_up_restored_and_copied(tally, tmp_path):
    import_units(tally).ok()
    tally("verify", "--all", "--by", "王主任").ok()
    tally("checkpoint").ok()
    tally("backup", tmp_path / "b.db").ok()
    other = Tally(tmp_path, tmp_path / "restored.db")
    other("restore", tmp_path / "b.db").ok()
    assert other.rows() == tally.rows()
    found = other("check", "--json").ok().json
    assert (found["findings"], found["verified"]["two_keys"]) == ([], len(UNITS))


def test_a_ledger_with_an_unsigned_row_is_not_signed_or_backed_up(tally, tmp_path):
    from tests.integrity.damage import UNIT, insert  # noqa: PLC0415

    position = insert(tally.path, "U-9", 1, "tally.UnitRecorded", (UNIT % "U-9").encode())
    found = json.loads(tally("check", "--json").out)
    words = f"the events {position}–{position} were appended without a signature of an account"
    assert [one["message"] for one in found["findings"] if one["kind"] == "signature"] == [words]
    for command in (["checkpoint"], ["backup", tmp_path / "b.db"]):
        assert words in " ".join(tally(*command).refused().err.split())


def test_a_damaged_row_is_set_aside_by_two_accounts(tally):
    from tests.integrity.damage import insert  # noqa: PLC0415

    position = insert(tally.path, "U-9", 1, "tally.UnitRecorded", b'{"at":"x"}')
    tally("set-aside", position, "--reason", "非本系统写入", "--by", "小李").ok()
    tally("verify", f"aside:{position}", "--by", "王主任").ok()
    import_units(tally).ok()
    found = tally("check", "--json").ok().json
    assert (found["findings"], len(found["set_aside"])) == ([], 1)


def test_an_earlier_copy_is_accepted_by_an_account(tally):
    before = tally.path.read_bytes()
    import_units(tally).ok()
    tally.path.write_bytes(before)
    accept = ["accept-copy", "--reason", "磁盘损坏", "--by"]
    assert "clerk is no account" in tally(*accept, "clerk").refused().err
    tally(*accept, "小李").ok()
    import_units(tally).ok()
    found = tally("check", "--json").ok().json
    assert (found["findings"], found["accepted"][0]["by"]) == ([], "小李")


def test_pages_say_names_as_typed_only_without_accounts(tally, tmp_path):
    import_units(tally).ok()
    tally("verify", "--all", "--by", "王主任").ok()
    typed = Tally(tmp_path, tmp_path / "typed" / "tally.db")
    typed.path.parent.mkdir()
    typed.founded().take_in(*UNITS)
    for one, says in ((tally, False), (typed, True)):
        one("site", tmp_path / f"site-{says}").ok()
        page = (tmp_path / f"site-{says}" / "index.html").read_text(encoding="utf-8")
        assert ("names as typed" in page) is says


def test_positions_are_those_of_events_though_signatures_are_between(tally):
    """A receipt has that of the ledger's last event, which is the signature."""
    path = tally.file("units.jsonl", *UNITS[:2])
    receipt = tally("import", path, "--by", "小李", "--json").ok().json
    assert (receipt["import"], receipt["position"]) == (8, 10)
    receipt = tally("verify", "--all", "--by", "王主任", "--json").ok().json
    assert receipt["position"] == 13
    name = UNITS[1]["id"]
    events = tally("history", name, "--json").ok().json["events"]
    assert [one["position"] for one in events] == [9, 12]
    (listed,) = (one for one in tally("list", "--json").ok().json["entries"] if one["id"] == name)
    assert (listed["recorded"]["position"], listed["verified"]["position"]) == (9, 12)
    tally("checkpoint").ok()
    proved = tally("prove", name, "--json").ok().json["events"]
    assert [one["position"] for one in proved] == [9, 12]
    changed = tally("diff", "--from", 10, "--to", 13, "--json").ok().json
    assert {one["unit"] for one in changed["units"]} == {one["id"] for one in UNITS[:2]}
    close = ["account", "close", "小李", "--reason", "调离", "--by", "王主任", "--json"]
    assert tally(*close).ok().json == {"account": "小李", "position": 14}


# ---- rights, which are asked before anybody types a passphrase
@pytest.fixture(scope="module")
def with_auditor(opened, tmp_path_factory):
    """The office with entries recorded, and an auditor."""
    tally = opened.copy(tmp_path_factory.mktemp("auditor"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TALLY_PASSPHRASE", PASSPHRASE)
        patch.setenv("TALLY_NEW_PASSPHRASE", PASSPHRASE)
        tally("account", "add", "老吴", "--role", "auditor", "--by", "王主任").ok()
        import_units(tally).ok()
    return tally


@pytest.fixture
def roles(with_auditor, tmp_path, monkeypatch):
    """A copy of it; nobody may be asked for a passphrase."""
    tally = with_auditor.copy(tmp_path / "office")
    monkeypatch.delenv("TALLY_PASSPHRASE")
    monkeypatch.delenv("TALLY_NEW_PASSPHRASE")
    return tally


CORRECT = ["correct", "V001", "--set", "name=庚村", "--reason", "有误"]
IMPORT = ["import", "more.jsonl"]
DRY = ["--dry-run"]


@pytest.mark.parametrize("more", [[], DRY], ids=["real", "dry run"])
@pytest.mark.parametrize(
    ("words", "by", "event"),
    [
        (IMPORT, "老吴", "recorded"),
        (CORRECT, "老吴", "recorded"),
        (["reverse", "V001", "--reason", "重复"], "老吴", "recorded"),
        (["verify", "--all"], "老吴", "verified"),
        (["verify", "V001"], "小李", "verified"),
    ],
    ids=lambda one: one if isinstance(one, str) else " ".join(one),
)
def test_a_role_is_held_to_before_a_preview_or_a_passphrase(
    roles, monkeypatch, words, by, event, more
):
    roles.file("more.jsonl", {"kind": "unit", "id": "V009", "name": "壬村", "type": "village"})
    monkeypatch.chdir(roles.folder)
    before = roles.rows()
    run = roles(*words, "--by", by, *more).refused()
    role = {"老吴": "auditor", "小李": "clerk"}[by]
    error = " ".join(run.err.split())
    assert f"by: {by} has the role {role}, which appends no event “{event}”" in error
    assert (run.out, roles.rows()) == ("", before)


@pytest.mark.parametrize(
    "words",
    [
        ["publish", "2016Q1"],
        ["set-aside", "1", "--reason", "损坏"],
        ["object", "V001", "--unit", "V001", "--reason", "有误"],
        ["account", "add", "小周", "--role", "clerk"],
        ["account", "close", "小李", "--reason", "调离"],
        ["account", "reset", "小李", "--reason", "遗失"],
    ],
    ids=" ".join,
)
def test_a_role_is_held_to_before_a_passphrase(roles, words):
    error = " ".join(roles(*words, "--by", "老吴").refused().err.split())
    assert "by: 老吴 has the role auditor, which appends no event" in error


def test_a_bulletin_is_not_shown_to_a_clerk_who_would_verify_it(tally):
    import_units(tally).ok()
    tally("verify", "--all", "--by", "王主任").ok()
    tally("publish", "2016Q1", "--by", "王主任").ok()
    assert "edition 1" in tally("verify", "2016Q1", "--by", "陈副主任", "--dry-run").ok().err
    error = tally("verify", "2016Q1", "--by", "小李").refused().err
    assert ("edition 1" in error, "has the role clerk" in error) == (False, True)


def test_a_dry_run_asks_for_no_passphrase(roles):
    roles("verify", "--all", "--by", "王主任", "--dry-run").ok()
    error = " ".join(roles("verify", "--all", "--by", "王主任").refused().err.split())
    assert "give it in TALLY_PASSPHRASE" in error


# ---- spellings of names
def test_names_have_no_blanks_at_their_ends_and_are_said_as_they_were_opened(tally):
    add = ["account", "add", " 小周 ", "--role", "clerk", "--by", "王 主任。", "--json"]
    run = tally(*add).ok()
    path = key_file(tally, "小周")
    key = path.name.removeprefix("小周.").removesuffix(".key")
    assert run.json == {"account": "小周", "key": key, "file": str(path), "position": 8}
    assert json.loads(path.read_bytes())["account"] == "小周"
    import_units(tally, "小　周").ok()
    close = ["account", "close", "小 周", "--reason", "调离", "--by", "王主任 "]
    assert tally(*close, "--json").ok().json["account"] == "小周"
    found = tally("check", "--json").ok().json
    assert (found["findings"], found["verified"]["accounts"]) == ([], 4)


def test_the_first_account_may_name_itself_in_another_spelling(tmp_path):
    tally = Tally(tmp_path).founded()
    tally("account", "add", " 王主任", "--role", "verifier", "--by", "王 主任").ok()
    import_units(tally, "王主任").ok()
    assert tally("check", "--json").ok().json["findings"] == []


def test_an_account_that_is_not_there_is_said_of_the_name(tally):
    for words in (["close", "小丁"], ["reset", "小丁"]):
        run = tally("account", *words, "--reason", "调离", "--by", "王主任", "--json").refused()
        assert [one["field"] for one in run.json["errors"]] == ["name"]


def test_a_name_that_differs_in_punctuation_is_that_of_the_account(tally):
    run = tally("account", "add", "小李。", "--role", "clerk", "--by", "王主任").refused()
    assert "is or looks like the account 小李" in " ".join(run.err.split())
