"""Changed bytes of packets, and packets that the office's own key signed and that are false."""

from __future__ import annotations

import random
from functools import partial

import pytest

from cli.packet import verify
from tests.packet.packets import (
    VERIFIER,
    by_python,
    files_of,
    signed_again,
    unpacked,
    verified,
    wrong,
)

SEED = 20161130


def change_of(data, chance):
    """Return bytes with one of them changed, added or taken out."""
    at = chance.randrange(len(data)) if data else 0
    kind = chance.choice(["change", "change", "change", "add", "remove"])
    if kind == "change" and data:
        return data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :]
    if kind == "remove" and data:
        return data[:at] + data[at + 1 :]
    return data[:at] + bytes([chance.randrange(256)]) + data[at:]


def spoil_zips(packet, folder, count, chance):
    whole, path = packet.path.read_bytes(), folder / "changed.zip"
    for _ in range(count):
        path.write_bytes(change_of(whole, chance))
        assert wrong(path), SEED


def spoil_folders(packet, folder, count, chance):
    """Change files of the unpacked folder, each as often as another, whatever its size."""
    files, folder = files_of(packet.path), unpacked(packet.path, folder / "out")
    for _ in range(count):
        name = chance.choice([*files])
        (folder / name).write_bytes(change_of(files[name], chance))
        assert wrong(folder), (SEED, name)
        (folder / name).write_bytes(files[name])
    assert verified(folder)[0] == 0


def test_changed_bytes_are_found(office_packet, tmp_path):
    chance = random.Random(SEED)
    spoil_zips(office_packet, tmp_path, 30, chance)
    spoil_folders(office_packet, tmp_path, 30, chance)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["town_packet", "office_packet"])
def test_a_thousand_random_changes_are_found(request, name, tmp_path):
    """Of the zip and of the unpacked files; no traceback, and each is called wrong."""
    packet, chance = request.getfixturevalue(name), random.Random(f"{SEED} {name}")
    spoil_zips(packet, tmp_path, 500, chance)
    spoil_folders(packet, tmp_path, 500, chance)


@pytest.mark.slow
def test_random_changes_are_found_by_python_alone(office_packet, tmp_path):
    """By the original verifier: one that was changed itself can say anything."""
    whole, chance = office_packet.path.read_bytes(), random.Random(SEED)
    for _ in range(100):
        (tmp_path / "changed.zip").write_bytes(change_of(whole, chance))
        run = by_python(VERIFIER, tmp_path / "changed.zip")
        assert run.returncode == 1, SEED
        assert run.stdout.endswith("[不符 WRONG] 不能采信 / do not rely on this packet\n")


@pytest.mark.parametrize(
    "data", [b"", b"PK\3\4", b"PK\3\4" + b"\xff" * 60, b"\0" * 100, b"PK\5\6" + bytes(18)]
)
def test_bytes_that_are_no_packet_are_refused_in_words(tmp_path, data):
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    assert wrong(path)


def test_files_that_are_added_or_lacking_are_named(office_packet, tmp_path):
    folder = unpacked(office_packet.path, tmp_path / "out")
    (folder / "more.txt").write_text("x")
    assert "missing or not of the packet: more.txt" in wrong(folder)[0]
    (folder / "more.txt").rename(folder / "measure" / "law.toml")
    assert "law.toml was changed" in wrong(folder)[0]
    (folder / "measure" / "law.toml").unlink()
    assert "missing or not of the packet: measure/law.toml" in wrong(folder)[0]


def test_a_consistent_packet_that_somebody_else_signed_is_found(office_packet, tmp_path):
    """Points, closing and manifest agree; without the office's key the signature does not."""
    files = files_of(office_packet.path)
    note = files.pop("manifest.txt").decode()
    text, _, signature = note.partition("\n\n")
    about = verify.parse_manifest(text + "\n")
    old = files["explanation.json"]
    files["explanation.json"] = old.replace(b'"closing": "18"', b'"closing": "20"')
    files["explanation.json"] = files["explanation.json"].replace(b'"-2"', b'"0"', 1)
    assert files["explanation.json"] != old
    again = verify.manifest_text((about.unit, about.period, about.position), files.items())
    path = tmp_path / "forged.zip"
    made = [("manifest.txt", f"{again}\n{signature}".encode()), *files.items()]
    path.write_bytes(verify.zip_of(made))
    assert "the signature is wrong: the text was changed" in wrong(path)[0]


def posting_of(files, entry):
    lines = files["explanation.json"]["postings"]
    return next(one for one in lines if one["entries"] == [entry] and one["points"] != "0")


def points(files, to="-1"):
    posting_of(files, "B-2")["points"] = to


def cited(files, entry):
    posting_of(files, "B-2")["entries"] = [entry]


def field(files, name, value):
    files["explanation.json"][name] = value


def events(files, of):
    return [one for one in files["proof.json"]["events"] if one["id"] == of]


def without(files, of, topic):
    found = files["proof.json"]["events"]
    found[:] = [one for one in found if (one["id"], one["topic"]) != (of, f"tally.{topic}")]


def state(files, of, old, new):
    for one in events(files, of):
        one["state"] = one["state"].replace(old, new)


def moved(files):
    one, other = files["proof.json"]["events"][:2]
    one["path"], other["path"] = other["path"], one["path"]


def measure(files):
    name = "measure/measure.toml"
    files[name] = files[name].replace(b'opening = "8"', b'opening = "9"')


def leaves(files):
    append = max(files["signatures.json"]["appends"], key=lambda one: len(one["leaves"]))
    append["leaves"] = append["leaves"][::-1]


def reordered(files):
    found = files["signatures.json"]["appends"]
    found[-2:] = found[:-3:-1]


def repeated(files):
    found = files["signatures.json"]["appends"]
    found.append(found[-1])


def unsigned(files):
    files["signatures.json"]["appends"].pop()


def no_signatures(files):
    del files["signatures.json"]


def no_accounts(files):
    no_signatures(files)
    found = files["proof.json"]["events"]
    found[:] = [one for one in found if not one["id"].startswith("account:")]


FALSE = {
    "points": (points, "the points add up to 19"),
    "closing": (partial(field, name="closing", value="19"), "the points add up to 18"),
    "opening": (partial(field, name="opening", value="21"), "it opens at 20"),
    "name": (partial(field, name="name", value="丁村"), "unit, position or basis differ"),
    "unit": (partial(field, name="unit", value="V002"), "unit, position or basis differ"),
    "period": (partial(field, name="period", value="2016Q1"), "the period differs"),
    "position": (partial(field, name="position", value=1), "unit, position or basis differ"),
    "provisional": (partial(field, name="provisional", value=True), "unit, position or basis"),
    "taken back": (partial(cited, entry="B-1"), "B-1 is not proved to count"),
    "of another": (partial(cited, entry="B-8"), "B-8 is not proved to count"),
    "not verified": (partial(without, of="B-2", topic="EntryVerified"), "B-2 is not proved to co"),
    "no recording": (
        partial(without, of="B-2", topic="PetitionBatchRecorded"), "an event of B-2 is missing",
    ),
    "no reversal": (
        partial(without, of="B-1.R", topic="ReversalRecorded"), "an event of B-1.R is missing",
    ),
    "content": (partial(state, of="B-2", old="district", new="province"), "(B-2) is not in the"),
    "recorder": (partial(state, of="B-2", old="小李", new="小王"), "(B-2) is not in the ledger"),
    "path": (moved, "is not in the ledger"),
    "measure": (measure, "the measure's files are not those stated"),
    "adoption": (partial(without, of="measure:2016", topic="MeasureAdopted"), "is missing"),
    "leaves": (leaves, "other events were signed"),
    "order": (reordered, "the signatures are not in the order of the ledger"),
    "repeated": (repeated, "the signatures are not in the order of the ledger"),
    "append": (unsigned, "no account signed the events at"),
    "signatures": (no_signatures, "no account signed the events at"),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_a_false_packet_is_found_although_the_key_signed_it(office_packet, tmp_path, name):
    change, what = FALSE[name]
    path = signed_again(office_packet.path, office_packet.url, change, tmp_path / "false.zip")
    found = wrong(path)
    assert len(found) == 1
    assert what in found[0]


def test_a_packet_signed_again_without_a_change_is_proved(office_packet, tmp_path):
    """The test before this one fails for its changes alone."""
    path = signed_again(office_packet.path, office_packet.url, list, tmp_path / "same.zip")
    assert verified(path)[0] == 0
    hidden = signed_again(office_packet.path, office_packet.url, no_accounts, path)
    said = [line for line in verified(hidden)[1] if "recorder and verifier" in line]
    assert said[0].endswith(": 0 entries signed by two keys, 16 by names as typed")


@pytest.mark.slow
def test_every_changed_byte_of_an_event_is_found_although_the_key_signed_it(
    office_packet, tmp_path
):
    chance = random.Random(SEED)
    for _ in range(300):

        def change(files):
            one = chance.choice(files["proof.json"]["events"])
            column = chance.choice(["state", "id", "topic", "version", "position", "path"])
            old = one[column]
            if isinstance(old, int):
                one[column] = old + chance.choice([-1, 1])
            elif isinstance(old, list):
                old[chance.randrange(len(old))] = old[0][::-1]
            else:
                at = chance.randrange(len(old))
                one[column] = old[:at] + chr(ord(old[at]) ^ 1) + old[at + 1 :]

        path = tmp_path / "false.zip"
        assert wrong(signed_again(office_packet.path, office_packet.url, change, path)), SEED
