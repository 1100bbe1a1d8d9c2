"""Keys of accounts and their passphrases: where they are, what opens them, what is refused."""

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

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
from tests.cli.running import Tally, environment_with, process

__all__ = ["opened", "passphrases", "tally"]

ADD = ["account", "add", "小周", "--role", "clerk", "--by", "王主任"]
RESET = ["account", "reset", "小李", "--reason", "忘记口令", "--by", "王主任"]


def said(run):
    """Return what a refusal says, on one line."""
    return " ".join(run.refused().err.split())


def test_a_wrong_passphrase_is_refused(tally, monkeypatch):
    monkeypatch.setenv("TALLY_PASSPHRASE", "not this one")
    before = tally.stored()
    assert f"{key_file(tally, '小李')}: the passphrase is wrong" in said(import_units(tally))
    assert tally.stored() == before


def test_without_a_terminal_the_passphrase_is_in_a_variable(tally, monkeypatch):
    monkeypatch.delenv("TALLY_PASSPHRASE")
    assert "give it in TALLY_PASSPHRASE" in said(import_units(tally))


def test_on_a_terminal_the_passphrase_is_asked_for(tally, monkeypatch):
    monkeypatch.delenv("TALLY_PASSPHRASE")
    asked = []
    monkeypatch.setattr("cli.unlocking.is_interactive", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda words: asked.append(words) or PASSPHRASE)
    import_units(tally).ok()
    assert asked == ["Passphrase of 小李: "]


def test_a_new_passphrase_is_asked_for_twice(tally, monkeypatch):
    monkeypatch.delenv("TALLY_NEW_PASSPHRASE")
    monkeypatch.setattr("cli.unlocking.is_interactive", lambda: True)
    answers = iter([PASSPHRASE, "mistyped"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    before = tally.rows()
    assert "the two passphrases differ" in tally(*ADD).refused().err
    assert tally.rows() == before


def test_a_short_passphrase_is_refused(tally, monkeypatch):
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", "春眠不觉晓")
    assert "fewer than 8 characters" in tally(*ADD).refused().err
    assert key_files(tally, "小周") == []


def test_a_key_may_be_elsewhere(tally, tmp_path, monkeypatch):
    elsewhere = tmp_path / "stick.key"
    key_file(tally, "小李").rename(elsewhere)
    assert "TALLY_KEY_FILE" in import_units(tally).refused().err
    monkeypatch.setenv("TALLY_KEY_FILE", str(elsewhere))
    import_units(tally).ok()


def test_the_key_of_another_account_signs_nothing(tally, monkeypatch):
    monkeypatch.setenv("TALLY_KEY_FILE", str(key_file(tally, "王主任")))
    assert "holds a key of 王主任, not the present key of 小李" in said(import_units(tally))


def test_a_key_file_relabelled_as_another_accounts_is_not_opened(tally):
    """The account and its public key are authenticated with what is encrypted."""
    ours, theirs = (json.loads(key_file(tally, one).read_bytes()) for one in ("小李", "王主任"))
    forged = {**theirs, "account": ours["account"], "public": ours["public"]}
    key_file(tally, "小李").write_text(json.dumps(forged))
    assert "the passphrase is wrong" in import_units(tally).refused().err


@pytest.mark.skipif(os.name != "posix", reason="no modes")
def test_a_key_that_others_may_read_signs_nothing(tally):
    key_file(tally, "小李").chmod(0o644)
    assert "can be read by others" in import_units(tally).refused().err


def test_keys_of_a_ledger_that_is_gone_stay_and_do_no_harm(tally, tmp_path):
    gone = tally.path.rename(tmp_path / "gone.db")
    key = tally.path.with_name("tally.db.key").read_bytes()
    tally("init").ok()
    tally("account", "add", "小李", "--role", "verifier").ok()
    assert len(key_files(tally, "小李")) == 2
    import_units(tally).ok()
    # Put back, the earlier ledger finds the keys of its accounts.
    gone.rename(tally.path)
    tally.path.with_name("tally.db.key").write_bytes(key)
    tally.path.with_name("tally.db.head").unlink()
    import_units(tally).ok()


def test_a_damaged_key_file_says_so(tally):
    key_file(tally, "小李").write_text("{}")
    assert "is not a key of an account" in import_units(tally).refused().err


def test_a_lost_passphrase_loses_no_data(tally, monkeypatch):
    import_units(tally).ok()
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", "another passphrase")
    old = key_file(tally, "小李")
    run = tally(*RESET, "--json").ok()
    [new] = set(key_files(tally, "小李")) - {old}
    assert run.json["file"] == str(new)
    assert "the passphrase is wrong" in said(import_units(tally))
    tally("verify", "V001", "--by", "王主任").ok()
    monkeypatch.setenv("TALLY_PASSPHRASE", "another passphrase")
    tally("correct", "V002", "--set", "name=庚村", "--reason", "有误", "--by", "小李", "--yes").ok()
    assert tally("check", "--json").ok().json["findings"] == []


def test_an_earlier_key_of_the_account_signs_nothing_and_says_so(tally, monkeypatch):
    old = key_file(tally, "小李")
    tally(*RESET).ok()
    [new] = set(key_files(tally, "小李")) - {old}
    advice = (
        "take the new file from the computer on which it was made, or let a verifier make a key "
        "here: `tally account reset 小李`"
    )
    monkeypatch.setenv("TALLY_KEY_FILE", str(old))
    error = said(import_units(tally))
    assert f"{old} holds an earlier key of 小李, which has another one by now: {advice}" in error
    monkeypatch.delenv("TALLY_KEY_FILE")
    new.unlink()
    error = said(import_units(tally))
    assert f"{new}: there is no such file, but {old.name} of another key: 小李 was given" in error
    assert advice.replace("take", "Take") in error


def test_a_refused_reset_keeps_the_key(tally):
    tally("account", "reset", "小李", "--reason", "", "--by", "王主任").refused()
    tally("account", "reset", "小李", "--reason", "忘记口令", "--by", "小李").refused()
    assert len(key_files(tally, "小李")) == 1
    import_units(tally).ok()


# ---- files that are never in each other's way
def at_once(tally, *commands):
    """Run commands at once, each in a process of its own; return the runs."""
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(process, *one, folder=tally.folder, url=tally.url) for one in commands]
        return [one.result() for one in runs]


def test_of_two_who_open_one_name_at_once_one_is_refused(tally):
    runs = at_once(tally, ADD, ADD)
    assert sorted(run.status for run in runs) == [0, 1]
    [refused] = [run for run in runs if run.status]
    assert "小周" in refused.refused().err
    assert len(key_files(tally, "小周")) == 1
    import_units(tally, "小周").ok()


def test_of_two_resets_at_once_the_later_key_signs(tally):
    for run in at_once(tally, RESET, RESET):
        run.ok()
    assert len(key_files(tally, "小李")) == 3
    import_units(tally).ok()


DYING = """
import os, sys
from ledger.writer import LedgerWriter
append = LedgerWriter.change_account
LedgerWriter.change_account = lambda *given: append(*given) and os._exit(9)
from cli.main import main
main(sys.argv[1:])
"""
"""A `tally` that is killed as soon as an account is changed."""


@pytest.mark.parametrize(("words", "name"), [(ADD, "小周"), (RESET, "小李")])
def test_a_process_killed_after_the_append_locks_nobody_out(tally, words, name):
    environment = environment_with({"TALLY_LEDGER": tally.url})
    done = subprocess.run([sys.executable, "-c", DYING, *words], env=environment, check=False)
    assert done.returncode == 9
    import_units(tally, name).ok()


def test_a_reset_in_a_practice_copy_keeps_the_offices_key(tmp_path, monkeypatch):
    """The key of both is that of the office, and so is the folder of their accounts."""
    monkeypatch.setenv("TALLY_KEY", str(tmp_path / "safe" / "town.key"))
    office = Tally(tmp_path, tmp_path / "tally.db").founded()
    office("account", "add", "王主任", "--role", "verifier").ok()
    office("account", "add", "小李", "--role", "clerk", "--by", "王主任").ok()
    practice = Tally(tmp_path, tmp_path / "practice.db")
    office("copy", office.url, practice.url).ok()
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", "for practice alone")
    practice(*RESET).ok()
    import_units(office).ok()
    assert "the passphrase is wrong" in said(import_units(practice))
    monkeypatch.setenv("TALLY_PASSPHRASE", "for practice alone")
    import_units(practice).ok()


def test_a_backup_restored_over_a_reset_finds_the_earlier_key(tally, tmp_path, monkeypatch):
    tally("backup", tmp_path / "b.db").ok()
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", "another passphrase")
    tally(*RESET).ok()
    tally.path.unlink()
    tally("restore", tmp_path / "b.db").ok()
    tally("accept-copy", "--reason", "磁盘损坏", "--by", "小李").ok()
    import_units(tally).ok()


# ---- files and names that a system refuses
def test_the_longest_name_has_a_file(tally):
    name = "𠀀" * 64
    tally("account", "add", name, "--role", "clerk", "--by", "王主任").ok()
    import_units(tally, name).ok()


def test_an_impossible_file_name_is_refused(tally, monkeypatch):
    monkeypatch.setenv("TALLY_KEY_FILE", "x" * 5_000)
    assert "cannot be read" in said(import_units(tally))


@pytest.mark.skipif(os.name != "posix", reason="no pipes")
@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_key_that_is_no_file_is_refused(tally, make):
    path = key_file(tally, "小李")
    path.unlink()
    make(path)
    assert f"{path} cannot be read" in said(import_units(tally))


@pytest.mark.skipif(os.name != "posix", reason="no modes")
def test_the_folder_is_closed_to_others(tally):
    folder = key_file(tally, "小李").parent
    folder.chmod(0o755)
    tally(*ADD).ok()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_place_that_is_no_folder_is_refused(tally):
    folder = key_file(tally, "小李").parent
    named = folder.rename(folder.with_name("elsewhere"))
    folder.write_bytes(b"")
    before = tally.rows()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TALLY_KEY_FILE", str(next(named.glob("王主任.*"))))
        assert "only you can look into" in said(tally(*ADD))
    assert tally.rows() == before


# ---- passphrases
def test_a_passphrase_that_is_not_text_is_refused(tally, monkeypatch):
    """As one of GBK in a variable of a system that writes UTF-8."""
    given = os.fsdecode("春眠不觉晓处处闻".encode("gbk"))
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", given)
    assert "TALLY_NEW_PASSPHRASE is not text in UTF-8" in said(tally(*ADD))
    assert key_files(tally, "小周") == []
    monkeypatch.setenv("TALLY_PASSPHRASE", given)
    assert "TALLY_PASSPHRASE is not text in UTF-8" in said(import_units(tally))


def test_an_empty_variable_gives_no_passphrase(tally, monkeypatch):
    monkeypatch.setenv("TALLY_PASSPHRASE", "")
    assert "give it in TALLY_PASSPHRASE" in said(import_units(tally))


def test_blanks_at_the_ends_of_a_passphrase_do_not_count(tally, monkeypatch):
    monkeypatch.setenv("TALLY_PASSPHRASE", f"\u3000{PASSPHRASE} \r\n")
    import_units(tally).ok()
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", f"1234567{' ' * 9}")
    assert "fewer than 8 characters, without blanks at its ends" in said(tally(*ADD))


def test_a_passphrase_that_cannot_be_typed_again_is_refused(tally, monkeypatch):
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", f"{PASSPHRASE}\u200b")
    assert "cannot be seen (U+200B)" in said(tally(*ADD))


def test_a_passphrase_is_changed_in_place_and_without_an_event(tally, monkeypatch):
    before, old = tally.rows(), key_file(tally, "小李").read_bytes()
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", "another passphrase")
    run = tally("account", "passphrase", "小 李", "--json").ok()
    path = key_file(tally, "小李")
    key = tally("account", "list", "--json").ok().json["accounts"][2]["key"]
    assert run.json == {"account": "小李", "key": key, "file": str(path)}
    assert (tally.rows(), path.read_bytes() == old) == (before, False)
    assert len(list(path.parent.iterdir())) == 3
    assert "the passphrase is wrong" in said(tally("account", "passphrase", "小李"))
    monkeypatch.setenv("TALLY_PASSPHRASE", "another passphrase")
    import_units(tally).ok()


def test_a_passphrase_is_changed_in_the_file_that_is_named(tally, tmp_path, monkeypatch):
    path = key_file(tally, "小李").rename(tmp_path / "x.key")
    link = tmp_path / "linked.key"
    link.symlink_to(path)
    monkeypatch.setenv("TALLY_KEY_FILE", str(link))
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", "another passphrase")
    assert (
        f"小李 has another passphrase, in {path}" in tally("account", "passphrase", "小李").ok().out
    )
    assert link.is_symlink()
    monkeypatch.setenv("TALLY_PASSPHRASE", "another passphrase")
    import_units(tally).ok()


def test_a_refused_new_passphrase_keeps_the_present_one(tally, monkeypatch):
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", "short")
    assert "fewer than 8" in said(tally("account", "passphrase", "小李"))
    assert "name: 小丁 is no account" in said(tally("account", "passphrase", "小丁"))
    import_units(tally).ok()


ON_A_TERMINAL = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from cli.main import main
main(sys.argv[1:])
"""
"""A `tally` whose standard input is its terminal."""


def test_what_is_typed_on_a_terminal_is_not_shown_and_must_be_text(tally):
    pty = pytest.importorskip("pty")
    environment = environment_with({"TALLY_LEDGER": tally.url, "LC_ALL": "C.UTF-8"})
    del environment["TALLY_PASSPHRASE"]
    words = ["verify", "--all", "--by", "王主任"]
    for typed, says in (
        ("春眠不觉晓处处闻".encode("gbk"), "the passphrase is not text in UTF-8"),
        (b"not this one", "the passphrase is wrong"),
    ):
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-c", ON_A_TERMINAL, *words],
            env=environment,
            stdin=theirs,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as running:
            os.close(theirs)
            shown = b""
            while not shown.endswith("王主任: ".encode()):
                shown += os.read(ours, 100)
            os.write(ours, typed + b"\n")
            error = " ".join(running.stderr.read().decode().split())
        os.close(ours)
        assert (running.returncode, says in error, "Traceback" in error) == (1, True, False), error
