"""A server notices that another ledger took the place of its own, and shows that one alone."""

from __future__ import annotations

import shutil

import pytest

from cli.pages import app as pages
from cli.session import session
from ledger.integrity.keys import KeyPaths
from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally
from tests.pages.conftest import client_of


def village(number, name):
    """Return a unit."""
    return {"kind": "unit", "id": number, "name": name, "type": "village"}


def ledger(folder, *entries):
    """Return `tally` on a new ledger of some entries."""
    made = Tally(folder)
    folder.mkdir()
    made("init").ok()
    made.take_in(*entries)
    return made


@pytest.fixture
def office(tmp_path):
    return ledger(tmp_path / "office", *UNITS, batch())


@pytest.fixture
def backup(office, tmp_path):
    """A backup of the office's ledger, before more was recorded."""
    office("backup", tmp_path / "backup.db").ok()
    office.take_in(village("V008", "旧村"))
    return tmp_path / "backup.db"


@pytest.fixture
def client(office, backup):  # noqa: ARG001 - the backup is older than the page
    with session(office.url) as opened:
        found = client_of(opened)
        assert "旧村" in found.page("/ranking", through_may=False).text
        yield found


def move(backup, office):
    KeyPaths(office.url).head.unlink()  # or nothing would be recorded in the older copy
    backup.rename(office.path)


def move_without_log(backup, office):
    KeyPaths(office.url).head.unlink()
    for ending in ("-wal", "-shm"):
        office.path.with_name(office.path.name + ending).unlink(missing_ok=True)
    backup.rename(office.path)


def overwrite(backup, office):
    KeyPaths(office.url).head.unlink()
    shutil.copyfile(backup, office.path)


@pytest.mark.parametrize("replace", [move, move_without_log, overwrite])
def test_a_restored_backup_is_read_anew(client, office, backup, replace):
    replace(backup, office)
    page = client.page("/ranking", through_may=False)
    assert "旧村" not in page.text
    assert client.get("/unit", id="V008").status_code in {400, 404}
    office.take_in(village("V009", "新村"))
    for path in ("/", "/open", "/clauses", "/measure"):
        assert "旧村" not in client.page(path, through_may=False).text
    assert "新村" in client.page("/ranking", through_may=False).text
    client.page("/unit", id="V009", through_may=False)


def test_a_state_of_the_replaced_ledger_is_not_shown(client, office, backup):
    """Positions of both ledgers are equal, what is at them is not."""
    head = str(office.position)
    assert "旧村" in client.page("/ranking", as_of=head, through_may=False).text
    move(backup, office)
    office.take_in(village("V009", "新村"))
    assert str(office.position) == head
    page = client.page("/ranking", as_of=head, through_may=False)
    assert ("新村" in page.text, "旧村" in page.text) == (True, False)


def test_another_ledger_is_read_anew(client, office, tmp_path):
    other = ledger(tmp_path / "other", village("N1", "他村"))
    other.path.rename(office.path)
    page = client.page("/ranking", through_may=False)
    assert ("他村" in page.text, "旧村" in page.text) == (True, False)
    assert client.get("/unit", id="V001").status_code in {400, 404}


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_a_link_is_followed_to_the_ledger_that_it_leads_to_now(office, tmp_path, linked):
    """A new year's ledger is put in place by a link; pages went on to show the old one."""
    other = ledger(tmp_path / "other", village("N1", "他村"))
    link = tmp_path / "link"
    targets = [one.path if linked == "file" else one.folder for one in (office, other)]
    link.symlink_to(targets[0])
    url = f"sqlite:///{link}" + ("" if linked == "file" else f"/{office.path.name}")
    with session(url) as opened:
        client = client_of(opened)
        assert "他村" not in client.page("/ranking", through_may=False).text
        link.unlink()
        assert "is not a ledger" in client.error(503, "/")
        link.symlink_to(targets[1])
        assert "他村" in client.page("/ranking", through_may=False).text


def test_a_removed_ledger_is_named_until_one_is_there_again(client, office, backup):
    office.path.unlink()
    assert "is not a ledger: there is no such file" in client.error(503, "/")
    move(backup, office)
    assert "旧村" not in client.page("/ranking", through_may=False).text


def test_a_ledger_that_is_replaced_while_a_page_is_made_is_not_mixed(
    client, office, backup, monkeypatch
):
    made = []

    def render(*arguments, **more):
        html = whole(*arguments, **more)
        if not made:
            move(backup, office)
        made.append(html)
        return html

    whole = pages.render_page
    monkeypatch.setattr(pages, "render_page", render)
    assert "旧村" not in client.page("/ranking", through_may=False).text
    assert ["旧村" in html for html in made] == [True, False]
