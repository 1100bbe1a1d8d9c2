"""Words of workings for entries of a measure's own kinds, in both languages."""

from __future__ import annotations

from cli.language import tell_in
from tests.projections.folders import amount, clause, kind_of_entry, scored, section, small_measure

FIRE = {
    **kind_of_entry("fire", {}),
    "field": [
        {"name": "on", "title": {"zh": "日期", "en": "day"}, "type": "date"},
        {
            "name": "seen_by",
            "title": {"zh": "发现方", "en": "seen by"},
            "type": "choice",
            "choices": [
                {"value": "satellite", "zh": "卫星", "en": "a satellite"},
                {"value": "patrol", "zh": "巡查", "en": "a patrol"},
            ],
        },
        {"name": "reported", "title": {"zh": "自报", "en": "reported"}, "type": "flag"},
        {"name": "again", "title": {"zh": "复燃", "en": "again"}, "type": "flag", "default": False},
        {"name": "dead", "title": {"zh": "死亡人数", "en": "dead"}, "type": "integer"},
        {
            "name": "area",
            "title": {"zh": "面积", "en": "area"},
            "type": "decimal",
            "optional": True,
        },
    ],
}
ENTRY = {"kind": "fire", "on": "2021-05-01", "seen_by": "satellite", "reported": True, "dead": 0}
ENGLISH = "day: 2021-05-01, seen by: a satellite, reported: yes, again: no, dead: 0"
CHINESE = "日期：2021-05-01、发现方：卫星、自报：是、复燃：否、死亡人数：0"


def test_an_entry_is_told_by_the_titles_of_its_fields_and_the_words_of_its_values():
    given = clause("fire", "occurrence", entry="fire", base="fire",
                   amount=[amount("fire", points="-3")])  # fmt: skip
    measure = small_measure(given, entries=[FIRE])
    (posting,) = scored(measure, [ENTRY]).unit("V1").postings()
    assert tell_in("en", posting.working) == f"3: {ENGLISH}"
    assert tell_in("zh", posting.working) == f"3：{CHINESE}"


def test_a_flag_is_told_so_too():
    given = clause("fire", "flag", entry="fire", amount=[amount("flag", flag="burnt")])
    flags = [{"flag": "burnt", "title": {"zh": "火", "en": "burnt"}}]
    measure = small_measure(given, entries=[FIRE], flag=flags)
    (flag,) = scored(measure, [{**ENTRY, "area": "2.5"}]).unit("V1").raised()
    assert tell_in("en", flag.working) == f"{ENGLISH}, area: 2.5"
    assert tell_in("zh", flag.working) == f"{CHINESE}、面积：2.5"


def test_a_place_from_the_smallest_is_told_so():
    places = clause("last", "rank", section="places", by="points", ascending=True,
                    amount=[amount("place", points="-5", when={"place": "1"})])  # fmt: skip
    given = clause("fire", "occurrence", entry="fire", base="fire",
                   amount=[amount("fire", points="-3")])  # fmt: skip
    sections = [section("points"), section("places")]
    measure = small_measure(given, places, entries=[FIRE], section=sections)
    found = scored(measure, [ENTRY], units=["V1", "V2"]).unit("V1").postings()[-1]
    assert tell_in("en", found.working) == "place 1 from the smallest, with -3"
    assert tell_in("zh", found.working) == "由小到大第1名，得分-3"
