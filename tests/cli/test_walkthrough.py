"""A walkthrough of the first commands: init, import, record, verify, score, explain, history."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta

import pytest

from tests.cli.entries import OF_EACH_KIND, UNITS, batch, reports
from tests.cli.running import process

Q1 = [
    *reports("V001", "2015-12", "2016-01", "2016-02"),
    *reports("V002", "2015-12", "2016-01", "2016-02"),
]
"""All reports of both villages in the first quarter."""

BATCHES = [
    # 12 people to the city: 5 points; no response.
    (
        "petition_batch --id B-1 --unit V001 --matter XF-1 --level city --headcount 12 "
        "--occurred-at 2016-03-05T09:30 --abnormal"
    ),
    # 3 people to the district: 2 points, of which V001 bears 70 % and V002 30 %.
    (
        "petition_batch --id B-2 --unit V001 --host-unit V002 --matter XF-2 --level district "
        "--headcount 3 --occurred-at 2016-03-08T10:00 --abnormal true --repeated"
    ),
    # Lawful: no points.
    (
        "petition_batch --abnormal false --id B-3 --unit V001 --matter XF-3 --level town "
        "--headcount 4 --occurred-at 2016-03-09T10:00:30+08:00"
    ),
    # 8 people to the town again: 2 points × 1.5, but the leader came at once: no points.
    (
        "petition-batch --id B-4 --unit V001 --matter XF-4 --level town --headcount 8 "
        "--occurred_at 2016-03-10T01:00Z --abnormal=true --repeated true"
    ),
]
ANSWERS = [
    "on_site_response --id R-2 --unit V001 --batch B-2 --arrival late",
    (
        "on_site_response --id R-4 --unit V001 --batch B-4 --arrival prompt --effective "
        "--stay-minutes 45"
    ),
    "commendation --id C-1 --unit V001 --level city --issued-on 2016-03-10",
]


@pytest.fixture(scope="module")
def recorded_ledger(tmp_path_factory, empty_ledger):
    """Record units and reports, verified, then batches and answers, not verified: position 36."""
    tally = empty_ledger.copy(tmp_path_factory.mktemp("recorded"))
    assert tally.take_in(*UNITS) == {
        "recorded": 2,
        "verified": 2,
        "skipped": 0,
        "import": 2,
        "position": 5,
    }
    assert tally.take_in(*Q1)["position"] == 29
    for position, words in enumerate(BATCHES + ANSWERS, start=30):
        run = tally("record", *words.split(), "--by", "clerk", "--json").ok()
        receipt = {"recorded": 1, "verified": 0, "skipped": 0}
        receipt |= {"import": position, "position": position}
        assert run.json == receipt
        assert run.err == ""
    return tally


@pytest.fixture
def unverified(tmp_path, recorded_ledger):
    """Return `tally` on a copy of that ledger."""
    return recorded_ledger.copy(tmp_path)


def scored(tally, *more):
    """Return the scores by unit at the end of 20 March, before reports of March are due."""
    found = tally("score", "--through", "2016-03-20", "--json", *more).ok().json
    return {unit["unit"]: unit for unit in found["units"]}


def test_init_prints_the_url_and_position(nothing):
    run = nothing("init").ok()
    words = "is a ledger now, at position 1; qianlianghu-2016 is adopted for 2016.\n"
    assert run.out == f"{nothing.url} {words}"
    assert [row[1:4] for row in nothing.rows()] == [("measure:2016", 1, "tally.MeasureAdopted")]


def test_init_prints_json(nothing):
    """The SHA-256 is of the content as canonical JSON."""
    found = nothing("init", "--json").ok().json
    content = json.loads(nothing.rows()[0][4])["content"]
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    sha256 = hashlib.sha256(canonical.encode()).hexdigest()
    measure = {"id": "qianlianghu-2016", "sha256": sha256, "year": 2016}
    assert found == {"ledger": nothing.url, "position": 1, "measure": measure}


def test_init_refuses_an_existing_ledger(unverified):
    before = unverified.stored()
    run = unverified("init").refused()
    assert "holds a ledger already; nothing was changed" in run.err
    assert unverified.stored() == before


def test_import_prints_a_receipt(tally):
    run = tally("import", tally.file("units.jsonl", *UNITS), "--by", "clerk").ok()
    assert run.out == "recorded 2, verified 0, skipped 0 (import 2); the ledger is at position 3\n"
    assert run.err == ""


def test_positions_have_no_gap(unverified):
    assert unverified("verify", "B-1", "--by", "clerk").status == 1
    assert unverified("verify", "--all", "--by", "head").status == 0
    assert [row[0] for row in unverified.rows()] == list(range(1, 44))


@pytest.mark.parametrize(
    ("spelling", "abnormal"),
    [
        (["--abnormal"], True),
        (["--abnormal", "true"], True),
        (["--abnormal=true"], True),
        (["--abnormal", "TRUE"], True),
        (["--abnormal", "false"], False),
        (["--abnormal=false"], False),
        (["--abnormal", "False"], False),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.parametrize("last", [True, False])
def test_record_accepts_every_notation_of_a_flag(tally, spelling, abnormal, last):
    """As last option and before another one."""
    tally.take_in(*UNITS)
    words = "--id B-1 --unit V001 --matter X --level town --headcount 6"
    words += " --occurred-at 2016-05-12T09:30 --by clerk"
    placed = [*words.split(), *spelling] if last else [*spelling, *words.split()]
    tally("record", "petition_batch", *placed).ok()
    content = tally("history", "B-1", "--json").ok().json["events"][0]["content"]
    assert content["abnormal"] is abnormal
    assert content["repeated"] is False


def test_record_refuses_an_unknown_value_of_a_flag(tally):
    tally.take_in(*UNITS)
    words = "petition_batch --id B-1 --unit V001 --matter X --level town --headcount 6"
    words += " --occurred-at 2016-05-12T09:30 --by clerk --abnormal perhaps"
    run = tally("record", *words.split()).misused()
    assert "'--abnormal': 'perhaps' is neither yes nor no; write true (是) or false" in run.err


def option_text(value):
    """Return the text that an option takes for a field's value."""
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, dict):
        return ",".join(f"{name}={points}" for name, points in value.items())
    if isinstance(value, list):
        pairs = (one if isinstance(one, str) else "=".join(one.values()) for one in value)
        return ",".join(pairs)
    return value


def test_record_accepts_every_field_of_every_kind(tally):
    """`record` makes the same entry of its options as `import` of the JSON object."""
    tally.take_in(*UNITS)
    for entry in OF_EACH_KIND:
        words = ["record", entry["kind"], "--by", "clerk"]
        for name, value in entry.items():
            if name == "kind":
                continue
            words += [f"--{name.replace('_', '-')}", option_text(value)]
        tally(*words).ok()
        found = tally("history", entry["id"], "--json").ok().json
        content = found["events"][0]["content"]
        assert {name: content[name] for name in entry} == entry
    again = tally.file("again.jsonl", *OF_EACH_KIND)
    receipt = tally("import", again, "--by", "clerk", "--json").ok().json
    assert receipt["skipped"] == len(OF_EACH_KIND)
    assert receipt["recorded"] == 0


def test_entries_do_not_count_before_they_are_verified(unverified):
    units = scored(unverified)
    assert units["V001"]["total"] == "40"
    waiting = [point for point in units["V001"]["open"] if point["kind"] == "unverified"]
    assert {point["entry"] for point in waiting} == {
        "B-1",
        "B-2",
        "B-3",
        "B-4",
        "R-2",
        "R-4",
        "C-1",
    }
    assert units["V002"]["open"] == [
        {"kind": "unverified", "entry": "B-2", "clause": "abnormal-petitions"}
    ]
    assert scored(unverified, "--provisional")["V001"]["total"] == "31.9"


@pytest.mark.parametrize(
    "name", ["clerk", "Clerk", "CLERK", "ｃｌｅｒｋ", "ＣＬＥＲＫ", "  clerk "]
)
def test_verify_refuses_the_recorder_in_any_spelling(unverified, name):
    before = unverified.stored()
    run = unverified("verify", "B-2", "B-1", "--by", name, "--json").refused()
    assert [error["id"] for error in run.json["errors"]] == ["B-2", "B-1"]
    assert run.err.startswith(
        "tally: B-2: by: was recorded by clerk; somebody else must verify it\n"
    )
    assert unverified.stored() == before


@pytest.mark.parametrize("name", ["clerk", "CLERK", "ｃｌｅｒｋ"])
def test_import_refuses_its_recorder_as_verifier(tally, name):
    path = tally.file("units.jsonl", *UNITS)
    run = tally("import", path, "--by", "clerk", "--verify-by", name).refused()
    assert f"verify_by: {name} cannot verify what clerk records" in run.err
    assert tally.position == 1


def test_verify_all_skips_the_recorders_own_entries(unverified):
    run = unverified("verify", "--all", "--by", "Clerk", "--json").ok()
    assert run.json == {"recorded": 0, "verified": 0, "skipped": 0, "import": None, "position": 36}
    (line,) = run.err.splitlines()
    words = "7 left unverified: Clerk recorded them, somebody else must verify them: "
    assert line.startswith(f"tally: {words}")
    assert len(line.removeprefix(f"tally: {words}").split(", ")) == 7
    assert "left unverified" not in unverified("verify", "--all", "--by", "head").ok().err


def test_verify_all_names_ten_of_the_entries_left_for_somebody_else(unverified):
    units = [
        {"kind": "unit", "id": f"V1{number:02}", "name": f"{number}号村", "type": "village"}
        for number in range(11)
    ]
    unverified.take_in(*units, verify_by=None)
    run = unverified("verify", "--all", "--by", "clerk").ok()
    assert run.err.startswith("tally: 18 left unverified: clerk recorded them")
    *named, more = run.err.rstrip().rpartition(": ")[2].split(", ")
    assert (len(named), named[-3:], more) == (10, ["V100", "V101", "V102"], "…")


def test_verify_counts_what_it_verifies_and_skips(unverified):
    receipt = {"recorded": 0, "verified": 1, "skipped": 0, "import": None, "position": 37}
    assert unverified("verify", "B-1", "--by", "head", "--json").ok().json == receipt
    receipt = {"recorded": 0, "verified": 6, "skipped": 0, "import": None, "position": 43}
    assert unverified("verify", "--all", "--by", "head", "--json").ok().json == receipt
    run = unverified("verify", "B-1", "--by", "deputy", "--json").ok()
    assert run.json == {"recorded": 0, "verified": 0, "skipped": 1, "import": None, "position": 43}
    assert run.err.startswith("tally: B-1: verified already by head on ")


def test_scores_are_those_worked_out_by_hand(unverified):
    """V001: 20 + (20 - 5 - 2 × 1.5 × 0.7 - 2 - 1) + 2; V002: 20 + 20 - 0.6.

    B-1 (collective to the city) and B-4 (to the town) were not reported; a leader who is there in
    time, but neither ahead of the visitors nor with them, excuses no missing report.
    """
    unverified("verify", "--all", "--by", "head").ok()
    units = scored(unverified)
    assert list(units) == ["V002", "V001"]
    one, two = units["V001"], units["V002"]
    assert one["periods"] == [
        {
            "period": "2016Q1",
            "score": "20",
            "sections": {"basic_work": "8", "abnormal_petitions": "12"},
            "beside": {"rewards": "0", "penalties": "0"},
        },
        {
            "period": "2016Q2",
            "score": "9.9",
            "sections": {"basic_work": "5", "abnormal_petitions": "4.9"},
            "beside": {"rewards": "2", "penalties": "0"},
        },
    ]
    assert (one["rank"], one["total"]) == (2, "31.9")
    assert one["sections"] == {"inspection": "0", "rewards": "2", "penalties": "0"}
    assert (two["rank"], two["total"]) == (1, "39.4")
    assert (one["flags"], one["eligible"]) == ([], True)
    assert one["open"] == [{"kind": "incomplete", "entry": "B-1", "clause": "abnormal-petitions"}]
    assert two["open"] == [{"kind": "incomplete", "entry": "B-2", "clause": "abnormal-petitions"}]


def test_explain_shows_clause_and_entries_of_all_points(unverified):
    unverified("verify", "--all", "--by", "head").ok()
    words = ["2016Q2", "--through", "2016-03-20", "--json"]
    found = unverified("explain", "V001", *words).ok().json
    assert (found["opening"], found["closing"]) == ("20", "9.9")
    lines = {(line["clause"], *line["entries"]): line for line in found["postings"]}
    points = {key: line["points"] for key, line in lines.items()}
    assert points == {
        ("information", "B-1"): "-2",
        ("information", "B-2"): "0",
        ("information", "B-3"): "0",
        ("information", "B-4"): "-1",
        ("abnormal-petitions", "B-1"): "-5",
        ("abnormal-petitions", "B-2", "R-2"): "-2.1",
        ("abnormal-petitions", "B-3"): "0",
        ("abnormal-petitions", "B-4", "R-4"): "0",
    }
    late = lines["abnormal-petitions", "B-2", "R-2"]
    assert late["working"].startswith("2 × 1.5 × 0.7")
    assert late["citation"] == "三（一）2"
    assert "延迟赶到现场的加扣分50%" in late["text"]
    assert "lawful" in lines["abnormal-petitions", "B-3"]["working"]
    assert [(line["clause"], line["points"]) for line in found["beside"]] == [("commendation", "2")]
    hosted = unverified("explain", "V002", *words).ok().json
    assert [(line["points"], line["entries"]) for line in hosted["postings"]] == [("-0.6", ["B-2"])]
    text = unverified("explain", "V001", *words[:-1]).ok().out
    for wanted in ("V001 甲村, 2016Q2", "opening 20", "closing 9.9", "B-2 R-2", "三（一）2"):
        assert wanted in text


def test_history_shows_the_events_of_an_entry(unverified):
    unverified("verify", "B-1", "--by", "head").ok()
    found = unverified("history", "B-1", "--json").ok().json
    recorded, verified = found["events"]
    assert (recorded["position"], recorded["event"], recorded["by"]) == (30, "recorded", "clerk")
    assert (verified["position"], verified["event"], verified["by"]) == (37, "verified", "head")
    content = batch(
        "B-1", matter="XF-1", level="city", headcount=12, repeated=False, key_person=False
    )
    assert recorded["content"] == content
    times = [datetime.fromisoformat(event["at"]) for event in found["events"]]
    assert times == sorted(times)
    assert {time.utcoffset() for time in times} == {timedelta()}
    text = unverified("history", "B-1").ok().out
    assert "recorded by clerk" in text
    assert "verified by head" in text


def test_processes_find_the_ledger_by_option_environment_or_folder(tmp_path):
    """Without TALLY_LEDGER the ledger is tally.db in the folder; entries are read from a pipe."""
    made = process("init", folder=tmp_path).ok()
    words = "is a ledger now, at position 1; qianlianghu-2016 is adopted for 2016.\n"
    assert made.out == f"sqlite:///tally.db {words}"
    assert (tmp_path / "tally.db").is_file()
    lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in [*UNITS, batch()])
    words = ["import", "-", "--by", "clerk", "--verify-by", "head", "--json"]
    receipt = process(*words, folder=tmp_path, stdin=lines.encode()).ok()
    assert receipt.json == {"recorded": 3, "verified": 3, "skipped": 0, "import": 2, "position": 7}
    assert receipt.err == ""
    url = f"sqlite:///{tmp_path}/tally.db"
    answers = [
        process("score", "--json", folder=tmp_path),
        process("--ledger", url, "score", "--json", folder=tmp_path.parent),
        process("score", "--json", "--ledger", url, folder=tmp_path.parent),
        process("score", "--json", folder=tmp_path.parent, url=url),
        # The option of the command overrides that of `tally` and the environment.
        process("--ledger", "x", "score", "--ledger", url, "--json", folder=tmp_path, url="y"),
    ]
    assert {answer.ok().out for answer in answers} == {answers[0].out}
    assert answers[0].json["position"] == 7
