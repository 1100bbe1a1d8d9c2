"""Special periods, notices that ask for screening reports, and a ruling."""

from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from cli.sample.days import YEAR, Entry, Filed
from cli.sample.names import TOWN
from cli.sample.town import Town


class Period(NamedTuple):
    """A special period (特殊时期): level, first and last day, and occasion."""

    level: str
    starts_on: date
    ends_on: date
    what: str


class Notice(NamedTuple):
    """A notice (通知) that asks all or some units for a screening report by a day."""

    id: str
    due_on: date
    units: tuple[str, ...]


PERIODS: Final = (
    Period("district", date(2015, 12, 28), date(2016, 1, 4), "元旦"),
    Period("province", date(2016, 1, 20), date(2016, 1, 30), "省两会"),
    Period("city", date(2016, 2, 4), date(2016, 2, 22), "春节至元宵"),
    Period("national", date(2016, 3, 1), date(2016, 3, 17), "全国两会"),
    # Begins in the second quarter, ends in the third: it belongs to the third.
    Period("district", date(2016, 5, 27), date(2016, 6, 8), "高考及端午"),
    Period("city", date(2016, 8, 15), date(2016, 8, 26), "城市创建迎检"),
    Period("national", date(2016, 9, 28), date(2016, 10, 8), "国庆"),
    Period("province", date(2016, 11, 10), date(2016, 11, 20), "省重要会议"),
)

# Title, due day, and how many of the units that are not quiet it is addressed to (None: all units).
NOTICES: Final = (
    ("关于元旦期间矛盾纠纷排查的通知", date(2015, 12, 25), None),
    ("关于春节前集中排查的通知", date(2016, 1, 28), None),
    ("关于全国两会期间排查的通知", date(2016, 2, 25), None),
    # Due on a month's last day: a report is late until the next month's last day.
    ("关于征地项目专项排查的通知", date(2016, 3, 31), 9),
    ("关于防汛期间排查的通知", date(2016, 6, 15), 16),
    ("关于迎检前专项排查的通知", date(2016, 8, 10), None),
    ("关于国庆期间矛盾纠纷排查的通知", date(2016, 9, 23), None),
    ("关于秋收劳务纠纷排查的通知", date(2016, 10, 20), 12),
    # A report is late until after the year's end.
    ("关于年终清查的通知", date(2016, 11, 30), 10),
)


def special_periods() -> list[Filed]:
    """Return an entry for each period, filed when it is announced."""
    return [
        (
            period.starts_on - timedelta(days=10),
            {
                "kind": "special_period",
                "id": f"SP-{YEAR}-{number:02d}",
                "level": period.level,
                "starts_on": period.starts_on.isoformat(),
                "ends_on": period.ends_on.isoformat(),
                "note": period.what,
            },
        )
        for number, period in enumerate(PERIODS, start=1)
    ]


def notices(rng: Random, town: Town) -> tuple[list[Filed], list[Notice]]:
    """Return the notices as entries, and as what the reports have to answer."""
    filed: list[Filed] = []
    issued: list[Notice] = []
    for number, (title, due_on, addressed) in enumerate(NOTICES, start=1):
        notice = Notice(f"N-{YEAR}-{number:02d}", due_on, town.units)
        entry: Entry = {
            "kind": "notice",
            "id": notice.id,
            "title": title,
            "due_on": due_on.isoformat(),
        }
        if addressed is not None:
            units = [*town.ordinary, *town.troubled]
            rng.shuffle(units)
            notice = notice._replace(units=tuple(sorted(units[:addressed])))
            entry["units"] = list(notice.units)
        filed.append((due_on - timedelta(days=25), entry))
        issued.append(notice)
    return filed, issued


def rulings() -> list[Filed]:
    """Return a ruling on collective petitions; overstay stays undetermined."""
    entry: Entry = {
        "kind": "ruling",
        "id": f"RU-{YEAR}-01",
        "year": YEAR,
        "reading": "collective_from",
        "value": "5",
        "basis": f"{TOWN}信访办〔{YEAR}〕3号：五人以上（含五人）认定为集体上访",
    }
    return [(date(2016, 1, 11), entry)]
