"""Case numbers, document numbers, days, times, sums and lists are never taken for a person's."""

from itertools import islice
from random import Random

from ledger.identifiers import holds_identifier, redact

SEED, COUNT = 20_160_301, 20_000

REGIONS = ("430611", "430602", "430623")
OFFICES = ("钱", "君", "镇", "县", "区")


def texts(random):
    """Yield texts as an office writes them, one of each kind at a time, without end."""

    def number(most):
        return random.randrange(1, most)

    def day():
        return random.randrange(2010, 2031), number(13), number(29)

    def clock():
        return f"{random.randrange(24):02}:{random.randrange(60):02}"

    while True:
        (y, m, d), (y2, m2, d2), n, k = day(), day(), number(10_000), number(100)
        office, region = random.choice(OFFICES), random.choice(REGIONS)
        money = number(10**10)
        yield from (
            f"XF-{y}-{n}",
            f"XF-{y}-{n:04}/{k}",
            f"XF{y}{m:02}{d:02}{n:04}",
            f"{office}信访〔{y}〕{n}号",
            f"{office}信访〔{y}〕{n:04}-{n + k:04}号",
            f"{office}政办发（{y}）{n}号",
            f"{office}政办发[{y}]{n}号、{office}政发[{y2}]{k}号",
            f"B-{y}-{n:04}",
            f"B-{y}-{n:04}, B-{y}-{n + k:04}, B-{y2}-{k:04}",
            f"V{k:03}-SR-N-{y}-{m:02}",
            f"SR-{y}-{n:04}.R.{k}",
            f"{region}-{y}-{n:04}",
            f"{region}{y}{m:02}{d:02}{k:02}",
            f"{y}-{m:02}-{d:02}",
            f"{y}-{m:02}-{d:02}T{clock()}:00+08:00",
            f"{y}-{m:02}-{d:02} {clock()}:{k % 60:02}.{n * k:06} UTC (position {n})",
            f"{y}/{m:02}/{d:02}-{y2}/{m2:02}/{d2:02}",
            f"{y}.{m}.{d}—{y2}.{m2}.{d2}",
            f"{y}年{m}月{d}日{clock()}至{m2}月{d2}日{clock()}",
            f"{y}{m:02}{d:02} {clock()}-{clock()}",
            f"{clock()}-{clock()}, {clock()}-{clock()}，{k}人",
            f"{clock().replace(':', '')}-{clock().replace(':', '')} {y}年",
            f"{y}{m:02}{d:02}{n:06}",
            f"position {n * k}, events {n}–{n + k}",
            f"{money:,}元",
            f"{money / 100:,.2f}元",
            f"{money}.00",
            f"-{n / 100}分，{k / 10}分",
            f"qianlianghu-{y}, shengzhou-{y2}-{k}, measure:{y}",
            ", ".join(str(number(3_000)) for _ in range(random.randrange(2, 13))) + "人",
            "、".join(str(number(3_000)) for _ in range(random.randrange(2, 13))),
            "，".join(f"{number(60)}人" for _ in range(random.randrange(2, 13))),
            ",".join(str(random.randrange(10)) for _ in range(12)),
            f"三（{'一二三四五六'[m % 6]}）{k % 9}",
            f"第{'一二三四五六七八九'[m % 9]}批{n}人{clock()}到，{clock()}走",
            f"{''.join('〇一二三四五六七八九'[int(digit)] for digit in str(y))}年{k}号",
        )


def test_no_number_of_office_work_is_taken_for_a_persons():
    found = texts(Random(SEED))
    stopped = [text for text in islice(found, COUNT) if holds_identifier(text)]
    assert stopped == [], f"{len(stopped)} of {COUNT}, seed {SEED}"


def test_none_is_masked_in_a_message():
    found = texts(Random(SEED + 1))
    for text in islice(found, 1_000):
        assert redact(text) == text
