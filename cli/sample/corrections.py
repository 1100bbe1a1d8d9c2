"""Corrections of entries: replacements, reversals, chains of two replacements."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from cli.sample.days import Entry, Filed, later
from cli.sample.town import Town

SMALL: Final = 4

Change = Callable[[Entry], Entry]
"""Return the corrected fields of an entry."""


def _one_more(field: str) -> Change:
    return lambda old: {field: _number(old, field) + 1}


def _other(field: str, value: str, other: str) -> Change:
    """Change a field to `value`, or to `other` if it has that value."""
    return lambda old: {field: other if old[field] == value else value}


def _number(entry: Entry, field: str) -> int:
    value = entry[field]
    assert isinstance(value, int), field
    return value


def _moved(entry: Entry, days: int) -> str:
    """Return an entry's due or submission day, moved by some days."""
    field = "due_on" if "due_on" in entry else "submitted_on"
    return (date.fromisoformat(str(entry[field])) + timedelta(days=days)).isoformat()


# Kind, number of entries, reason, corrected fields.
REPLACED: Final[tuple[tuple[str, int, str, Change], ...]] = (
    ("screening_report", 3, "报送日期登记有误", lambda old: {"submitted_on": _moved(old, -1)}),
    ("case_report", 3, "采用案例数复核更正", _one_more("cases")),
    ("petition_batch", 2, "人数经核对更正", _one_more("headcount")),
    ("on_site_response", 2, "到场情况经核对更正", _other("arrival", "late", "prompt")),
    ("supervised_case", 1, "经批准延期十日", lambda old: {"due_on": _moved(old, 10)}),
    ("notice", 1, "截止日期笔误", lambda old: {"due_on": _moved(old, 2)}),
    ("commendation", 1, "表彰级别登记有误", _other("level", "district", "city")),
)
# Kind, number of entries, reason.
REVERSED: Final = (
    ("petition_batch", 2, "经核实非本镇人员"),
    ("on_site_response", 1, "现场记录不实"),
    ("screening_report", 2, "误登，实为其他单位所报"),
    ("information_report", 2, "登记单位有误"),
    ("criticism", 1, "申诉成立，予以撤销"),
    ("yellow_card", 1, "整改到位，撤销登记"),
)
# Kind; for each step of the chain the reason and the corrected fields.
CHAINS: Final[tuple[tuple[str, tuple[tuple[str, Change], ...]], ...]] = (
    (
        "petition_batch",
        (
            ("人数漏记", _one_more("headcount")),
            ("经复核认定为非正常上访", lambda _: {"abnormal": True}),
        ),
    ),
    (
        "inspection_finding",
        (
            ("评分录入有误", lambda old: {"points": "0.6"} if "points" in old else {"missing": 2}),
            ("复查整改到位", lambda old: {"points": "0.9"} if "points" in old else {"missing": 0}),
        ),
    ),
)
MISTAKEN: Final = "经复核属正常走访，原认定有误"


def corrections(rng: Random, town: Town, filed: list[Filed]) -> list[Filed]:
    """Return reversals and replacements; no entry is corrected for two reasons."""
    pick = _Picker(rng, town, filed)
    mistaken_on, mistaken = next(
        (on, old)
        for on, old in filed
        if old.get("note") == "待复核" and old["unit"] == town.ordinary[0]
    )
    day = later(rng, mistaken_on, 5, 5)
    made = list(_correct(day, mistaken, MISTAKEN, lambda _: {"abnormal": False}))
    for kind, count, reason, change in REPLACED:
        for on, old in pick(kind, count):
            made += _correct(later(rng, on, 2, 12), old, reason, change)
    for kind, count, reason in REVERSED:
        for on, old in pick(kind, count):
            made.append(_reversal(later(rng, on, 2, 20), old, reason))
    for kind, chain in CHAINS:
        for on, old in pick(kind, 1):
            day, entry = on, old
            for reason, change in chain:
                day = later(rng, day, 1, 6)
                reversal, replacement = _correct(day, entry, reason, change)
                made += [reversal, replacement]
                entry = replacement[1]
    return made


class _Picker:
    """Choose entries of units with an ordinary year, each at most once."""

    def __init__(self, rng: Random, town: Town, filed: list[Filed]) -> None:
        self._rng = rng
        self._left = [
            (on, old)
            for on, old in filed
            if old.get("unit", town.ordinary[1]) in town.ordinary[1:]
            # Batches that show a tier, a repetition or a split share are not corrected.
            and (old["kind"] != "petition_batch" or _plain(old))
        ]

    def __call__(self, kind: str, count: int) -> list[Filed]:
        of_kind = [each for each in self._left if each[1]["kind"] == kind]
        self._rng.shuffle(of_kind)
        picked = of_kind[:count]
        self._left = [each for each in self._left if each not in picked]
        return picked


def _plain(batch: Entry) -> bool:
    small = _number(batch, "headcount") <= SMALL and batch["level"] in {"town", "district"}
    return small and "repeated" not in batch and "host_unit" not in batch


def _correct(on: date, old: Entry, reason: str, change: Change) -> Iterator[Filed]:
    """Yield a reversal and a replacement: `B-7.2` for `B-7`, `B-7.3` for `B-7.2`."""
    stem, _, version = str(old["id"]).rpartition(".") if "replaces" in old else (old["id"], "", "1")
    yield _reversal(on, old, reason)
    new_id = f"{stem}.{int(version) + 1}"
    yield on, old | change(old) | {"id": new_id, "replaces": old["id"], "note": reason}


def _reversal(on: date, old: Entry, reason: str) -> Filed:
    return on, {"kind": "reversal", "id": f"{old['id']}.R", "of": old["id"], "reason": reason}
