"""The sample year contains every kind of entry, level, tier and course of events."""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import product

import pytest

from cli.sample import sample_year

# Scores, benchmarks and documents use the sample: a change must be intended.
PINNED = "89415b4df9b516cc165489fe6a6b5bd5ea58a2f3e0e5a674d9707e6c5e98735e"

LEVELS = {"national", "province", "city", "district", "town"}
TIERS = (range(1, 6), range(6, 11), range(11, 31), range(31, 1000))
SEEDS = (2016, 0, 1, 7)


@pytest.fixture(scope="module", params=SEEDS)
def year(request):
    return sample_year(request.param)


@pytest.fixture(scope="module")
def demo_year():
    """Return the year of `tally demo`."""
    return sample_year()


def of(entries, kind):
    """Return the entries of a kind."""
    return [entry for entry in entries if entry["kind"] == kind]


def effective(entries, kind):
    """Return the entries of a kind that are not reversed."""
    reversed_ids = {entry["of"] for entry in of(entries, "reversal")}
    return [entry for entry in of(entries, kind) if entry["id"] not in reversed_ids]


def texts(value):
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def test_has_about_five_thousand_entries_of_forty_six_units(year):
    assert 4_700 <= len(year) <= 5_300
    types = Counter(entry["type"] for entry in of(year, "unit"))
    assert types == {"village": 36, "farm": 4, "community": 6}
    assert len({entry["name"] for entry in of(year, "unit")}) == 46


def test_has_every_kind(year):
    assert {entry["kind"] for entry in year} == {
        "unit", "special_period", "notice", "ruling", "screening_report", "case_report",
        "information_report", "petition_batch", "on_site_response", "commendation",
        "research_site", "supervised_case", "case_resolution", "criticism", "yellow_card",
        "inspection_finding", "reversal",
    }  # fmt: skip


def test_has_every_level_and_issuer(year):
    def levels(kind):
        return {entry["level"] for entry in effective(year, kind)}

    assert levels("petition_batch") == levels("supervised_case") == LEVELS
    assert levels("special_period") == levels("commendation") == LEVELS - {"town"}
    assert levels("research_site") == {"national", "province", "city"}
    issuers = Counter(entry["issuer"] for entry in effective(year, "criticism"))
    assert set(issuers) == {"province", "city", "district", "joint_conference"}
    assert issuers["province"] == 1


def test_has_every_tier_of_every_level_abnormal_and_lawful(year):
    batches = effective(year, "petition_batch")
    for level, tier, abnormal in product(LEVELS, TIERS, (True, False)):
        assert any(
            batch["level"] == level and batch["headcount"] in tier and batch["abnormal"] is abnormal
            for batch in batches
        ), (level, tier, abnormal)
    assert {5, 6, 10, 11, 30, 31, 49, 50} <= {
        batch["headcount"] for batch in batches if batch["abnormal"]
    }


def test_has_every_arrival_effect_and_stay(year):
    def stay(minutes):
        return None if minutes is None else (minutes > 60) + (minutes > 240)

    responses = of(year, "on_site_response")
    assert {
        (each["arrival"], each.get("effective", False), stay(each.get("stay_minutes")))
        for each in responses
    } == set(product(("ahead", "prompt", "late", "absent"), (True, False), (0, 1, 2, None)))
    assert {60, 61, 240, 241} <= {each.get("stay_minutes") for each in responses}


def test_the_liable_or_host_unit_responds_once_to_a_batch(year):
    batches = {batch["id"]: batch for batch in of(year, "petition_batch")}
    pairs = Counter()
    for each in effective(year, "on_site_response"):
        batch = batches[each["batch"]]
        assert each["unit"] in {batch["unit"], batch.get("host_unit")}
        pairs[each["batch"], each["unit"]] += 1
    assert set(pairs.values()) == {1}
    answered = {batch for batch, _ in pairs}
    assert any(batch["id"] not in answered for batch in effective(year, "petition_batch"))
    split = [batch for batch in batches.values() if "host_unit" in batch]
    assert any((batch["id"], batch["host_unit"]) in pairs for batch in split)


def test_batches_are_reported_before_too_late_and_never(year):
    reported = {}
    for report in of(year, "information_report"):
        for matter in report["matters"]:
            at = datetime.fromisoformat(report["submitted_at"])
            key = report["unit"], matter
            reported[key] = min(at, reported.get(key, at))
    fates = Counter()
    for batch in of(year, "petition_batch"):
        at = reported.get((batch["unit"], batch["matter"]))
        occurred = datetime.fromisoformat(batch["occurred_at"])
        fates["never" if at is None else "before" if at < occurred else "too late"] += 1
    assert min(fates["never"], fates["before"], fates["too late"]) >= 3, fates


def test_a_repeated_batch_comes_after_the_first_of_its_matter(year):
    first = {}
    for batch in of(year, "petition_batch"):
        if batch.get("repeated"):
            assert batch["occurred_at"] > first[batch["matter"]]
        first.setdefault(batch["matter"], batch["occurred_at"])
    again = {batch["level"] for batch in effective(year, "petition_batch") if batch.get("repeated")}
    assert again == LEVELS
    assert any(batch.get("key_person") for batch in effective(year, "petition_batch"))


def test_monthly_reports_come_in_time_late_too_late_and_never(year):
    units = {entry["id"] for entry in of(year, "unit")}
    fates = Counter()
    earliest = {}
    for report in effective(year, "screening_report"):
        if "month" in report:
            key = report["unit"], report["month"]
            earliest[key] = min(report["submitted_on"], earliest.get(key, "9"))
    months = {month for _, month in earliest}
    assert len(months) == 12
    for unit, month in product(units, months):
        due = date.fromisoformat(f"{month}-28") + timedelta(days=4)
        limit = (due.replace(day=28) + timedelta(days=4)).replace(day=1).isoformat()
        due = due.replace(day=1).isoformat()
        at = earliest.get((unit, month))
        fates[None if at is None else (at >= due) + (at >= limit)] += 1
    assert all(fates[fate] for fate in (None, 0, 1, 2)), fates
    cases = Counter()
    reports = Counter()
    for report in effective(year, "case_report"):
        cases[report["unit"], report["month"]] += report["cases"]
        reports[report["unit"], report["month"]] += 1
    assert {0, 1, 2} <= set(cases.values())
    assert max(reports.values()) >= 2


def test_supervised_cases_are_resolved_in_time_late_and_never(year):
    resolved = {each["case"]: each["resolved_on"] for each in of(year, "case_resolution")}
    fates = {
        (case["level"], None if on is None else on <= case["due_on"])
        for case in of(year, "supervised_case")
        for on in [resolved.get(case["id"])]
    }
    assert fates == set(product(LEVELS, (True, False, None)))


def test_has_one_finding_for_most_units_and_items(year):
    found = Counter((each["unit"], each["item"]) for each in effective(year, "inspection_finding"))
    assert set(found.values()) == {1}
    assert len({item for _, item in found}) == 13
    assert 46 * 12 < len(found) < 46 * 13


def test_ids_are_unique_and_references_are_to_earlier_entries(year):
    seen = {}
    reversed_ids = set()
    for entry in year:
        assert re.fullmatch(r"[A-Za-z0-9_./-]{1,64}", entry["id"])
        assert entry["id"] not in seen
        for field in ("unit", "host_unit", "batch", "case", "notice"):
            if field in entry:
                kind = {"host_unit": "unit", "batch": "petition_batch", "case": "supervised_case"}
                assert seen[entry[field]]["kind"] == kind.get(field, field)
        if entry["kind"] == "notice":
            assert all(seen[unit]["kind"] == "unit" for unit in entry.get("units", []))
        if entry["kind"] == "reversal":
            assert entry["of"] not in reversed_ids
            assert seen[entry["of"]]["kind"] != "reversal"
            reversed_ids.add(entry["of"])
        if "replaces" in entry:
            assert entry["replaces"] in reversed_ids
            assert seen[entry["replaces"]]["kind"] == entry["kind"]
        seen[entry["id"]] = entry


def test_has_reversals_with_and_without_replacement_and_twice_in_a_row(year):
    replaced = {entry["replaces"]: entry["id"] for entry in year if "replaces" in entry}
    reversed_ids = {entry["of"] for entry in of(year, "reversal")}
    assert reversed_ids - set(replaced)
    assert set(replaced) <= reversed_ids
    assert sum(newer in replaced for newer in replaced.values()) == 2


def test_has_disqualified_vetoed_and_quiet_units(year):
    batches = effective(year, "petition_batch")
    disqualified = {
        batch["unit"]
        for batch in batches
        if batch["abnormal"]
        and (
            (batch["level"] == "national" and batch["headcount"] >= 5)
            or (batch["level"] in {"province", "city"} and batch["headcount"] >= 50)
        )
    }
    assert len(disqualified) == 2
    per_unit = Counter(batch["unit"] for batch in batches)
    assert sum(per_unit[unit["id"]] <= 2 for unit in of(year, "unit")) >= 36
    assert sum(per_unit[unit["id"]] == 0 for unit in of(year, "unit")) >= 12


def test_special_periods_have_batches_and_one_crosses_a_quarter(year):
    abnormal = [batch for batch in effective(year, "petition_batch") if batch["abnormal"]]
    broken = {
        period["level"]
        for period in of(year, "special_period")
        for batch in abnormal
        if batch["level"] == period["level"]
        and period["starts_on"] <= batch["occurred_at"][:10] <= period["ends_on"]
    }
    assert broken == LEVELS - {"town"}
    assert any(
        period["starts_on"] < "2016-06-01" <= period["ends_on"]
        for period in of(year, "special_period")
    )


def test_no_text_has_an_identifier_of_a_person(year):
    for text in texts([value for entry in year for value in entry.values()]):
        bare = re.sub(r"[\s\-_./]", "", unicodedata.normalize("NFKC", text))
        assert not re.search(r"\d{15}|1[3-9]\d{9}", bare), text


def test_the_seed_determines_the_year(demo_year):
    assert sample_year(2016) == demo_year
    assert sample_year(2017) != demo_year


def test_the_entries_are_json_with_the_pinned_hash(demo_year):
    lines = "\n".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) for entry in demo_year)
    assert [json.loads(line) for line in lines.split("\n")] == demo_year
    assert hashlib.sha256(lines.encode()).hexdigest() == PINNED


def test_the_demo_year_has_rare_combinations(demo_year):
    """Not every seed yields them, but the README and the documents show them."""
    batches = {batch["id"]: batch for batch in effective(demo_year, "petition_batch")}
    answered = [
        (batches[each["batch"]], each)
        for each in effective(demo_year, "on_site_response")
        if each["batch"] in batches
    ]
    assert any(
        batch["headcount"] >= 5
        and batch["level"] in {"province", "city", "district"}
        and batch["abnormal"]
        and each.get("stay_minutes", 0) > 240
        for batch, each in answered
    ), "an overstay without an amount"
    assert any(
        batch["headcount"] in TIERS[1]
        and batch["level"] == "town"
        and batch["abnormal"]
        and each["arrival"] in {"ahead", "prompt"}
        and each.get("effective")
        and each.get("stay_minutes", 61) <= 60
        for batch, each in answered
    ), "a batch to the town without points"
    withdrawn = {each["of"] for each in of(demo_year, "reversal")} - {
        entry["replaces"] for entry in demo_year if "replaces" in entry
    }
    assert any(each["batch"] in withdrawn for each in effective(demo_year, "on_site_response")), (
        "a response without effect, since its batch is reversed"
    )
    kinds = {entry["id"]: entry["kind"] for entry in demo_year}
    assert {"petition_batch", "on_site_response", "criticism", "yellow_card"} <= {
        kinds[entry_id] for entry_id in withdrawn
    }
