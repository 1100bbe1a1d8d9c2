"""The units of 云澜镇, an invented town."""

from typing import Final

from cli.sample.days import FIRST, Entry, Filed

TOWN: Final = "云澜镇"

VILLAGES: Final = (
    "絮云坡村", "砚雨桥村", "萤渡湾村", "霁柳塘村", "鹿笛岭村", "枕霞圩村",
    "苔钟寨村", "星蓑渡村", "鹭琴洼村", "橘灯坳村", "雁笺滩村", "麦笙垸村",
    "竹砚冲村", "荷笠沟村", "梅鼓台村", "茶帆坞村", "枫笛坪村", "菱镜汀村",
    "萝月埂村", "松墨潭村", "稻铃圩村", "杏笺岗村", "藕弦港村", "蓼烟汊村",
    "槐笠垭村", "桐琶岭村", "芦锦洲村", "蕨雨坡村", "兰橹湾村", "棠舟埠村",
    "榆砧塬村", "荞灯梁村", "椿露坝村", "桑弦浜村", "椒岚峪村", "葵笙畈村",
)  # fmt: skip
FARMS: Final = ("霁麦农场", "栖稻农场", "澜橘农场", "絮棉农场")
COMMUNITIES: Final = (
    "琴露社区", "砚池里社区", "灯榆巷社区", "鹊桨路社区", "棠笛苑社区", "澜星坊社区",
)  # fmt: skip

PREFIXES: Final = (
    ("V", "village", VILLAGES),
    ("F", "farm", FARMS),
    ("C", "community", COMMUNITIES),
)


def units() -> list[Filed]:
    """Return an entry for each unit (村、场、社区), filed on the first day of the year."""
    return [(FIRST, unit) for unit in _units()]


def unit_ids() -> list[str]:
    """Return the ids of the units, in the order of the list."""
    return [str(unit["id"]) for unit in _units()]


def _units() -> list[Entry]:
    return [
        {"kind": "unit", "id": f"{prefix}{number:03d}", "name": name, "type": kind}
        for prefix, kind, names in PREFIXES
        for number, name in enumerate(names, start=1)
    ]
