"""Identity-card and mobile numbers are found in texts, and masked."""

import re
import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.identifiers import holds_identifier, redact

# GB 11643: the weights of the first 17 digits, and the check digit by their sum modulo 11.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"

REGIONS = ("430602", "430611", "430623", "110101", "340524", "650102", "810000")
"""Regions of cards, with this town's district and county."""


def card(region="430602", born="18991231", number="001"):
    """Return an 18-digit number; born in the 19th century, so that no living person has it."""
    body = f"{region}{born}{number}"
    return body + CHECK_DIGITS[sum(map(int.__mul__, map(int, body), WEIGHTS)) % 11]


def with_check_digit(wanted):
    """Return a card number that ends in a check digit."""
    cards = (card(number=f"{number:03d}") for number in range(1000))
    return next(each for each in cards if each.endswith(wanted))


def full_width(text):
    """Return a text with each ASCII character in its full-width form."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def groups(text, *lengths, by=" "):
    """Return a number written in groups of these lengths."""
    found, start = [], 0
    for length in lengths:
        found.append(text[start : start + length])
        start += length
    assert start == len(text)
    return by.join(found)


CARD = card()
X_CARD = with_check_digit("X")
# Born in 1965; the sequence number 000 is assigned to nobody.
OLD_CARD = "430611650203000"
MOBILE = "13800138000"

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
DIRECTIONS = "\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_card_makes_the_example_of_gb_11643():
    assert card("110105", "19491231", "002") == "11010519491231002X"


CARDS = {
    **{f"check digit {digit}": with_check_digit(digit) for digit in "0123456789X"},
    **{f"of {region}": card(region) for region in REGIONS},
    "the standard's example": card("110105", "19491231", "002"),
    "small x": X_CARD.lower(),
    "full-width": full_width(CARD),
    "full-width X": full_width(X_CARD),
    "full-width x": full_width(X_CARD.lower()),
    "in 6-8-4": groups(CARD, 6, 8, 4),
    "in 6-4-4-4": groups(CARD, 6, 4, 4, 4),
    "in 6-4-4-4 with X": groups(X_CARD, 6, 4, 4, 4),
    "in 3s": groups(CARD, 3, 3, 3, 3, 3, 3),
    "digit by digit": " ".join(CARD),
    "digit by digit with X": " ".join(X_CARD),
    "ideographic spaces": groups(CARD, 6, 8, 4, by="\u3000"),
    "no-break spaces": groups(CARD, 6, 8, 4, by="\u00a0"),
    "tabs": groups(CARD, 6, 8, 4, by="\t"),
    "dashes": groups(CARD, 6, 8, 4, by="-"),
    "full-width dashes": full_width(groups(CARD, 6, 8, 4, by="-")),
    "hyphens": groups(CARD, 6, 8, 4, by="\u2010"),
    "no-break hyphens": groups(CARD, 6, 8, 4, by="\u2011"),
    "in Chinese": f"来访人身份证号{CARD}，岳阳楼区",
    "in Chinese with X": f"身份证{X_CARD}号",
    "in brackets": f"（{CARD}）",
    "before a Latin letter": f"{CARD}a",
    "before a Latin x": f"{CARD}x",
    "before X光": f"{CARD}X光片",
    "behind a Latin letter": f"No{CARD}",
    "after a case number": f"XF-2016-0031 {CARD}",
    "15 digits": OLD_CARD,
    "15 digits of the town's county": "430623500815000",
    "15 digits of the capital": "110101700203000",
    "15 digits, full-width": full_width(OLD_CARD),
    "15 digits in groups": groups(OLD_CARD, 6, 6, 3),
    "15 digits in Chinese": f"身份证{OLD_CARD}号",
    "15 digits before x": f"{OLD_CARD}x",
    **{f"U+{ord(ch):04X} between": ch.join(CARD) for ch in ZERO_WIDTH + DIRECTIONS},
    **{f"U+{ord(ch):04X} in X": X_CARD[:17] + ch + "X" for ch in ZERO_WIDTH},
}

MOBILES = {
    "plain": MOBILE,
    **{f"1{second}": f"1{second}900000000" for second in "3456789"},
    "+86": f"+86{MOBILE}",
    "+86 spaced": f"+86 {MOBILE}",
    "+86 dashed": f"+86-{MOBILE}",
    "+86 in groups": f"+86 {groups(MOBILE, 3, 4, 4)}",
    "+86 and dashes": f"+86{groups(MOBILE, 3, 4, 4, by='-')}",
    "+86-138-": f"+86-{groups(MOBILE, 3, 4, 4, by='-')}",
    "86": f"86{MOBILE}",
    "0086": f"0086{MOBILE}",
    "0086 spaced": f"0086 {MOBILE}",
    "0086 dashed": f"0086-{groups(MOBILE, 3, 4, 4, by='-')}",
    "(86)": f"(86){MOBILE}",
    "3 4 4": groups(MOBILE, 3, 4, 4),
    "3-4-4": groups(MOBILE, 3, 4, 4, by="-"),
    "3–4–4": groups(MOBILE, 3, 4, 4, by="–"),
    "3—4—4": groups(MOBILE, 3, 4, 4, by="—"),
    "3.4.4": groups(MOBILE, 3, 4, 4, by="."),
    "3‐4‐4": groups(MOBILE, 3, 4, 4, by="\u2010"),
    "3‑4‑4": groups(MOBILE, 3, 4, 4, by="\u2011"),
    "3 - 4 - 4": groups(MOBILE, 3, 4, 4, by=" - "),
    "digit by digit": " ".join(MOBILE),
    "full-width": full_width(MOBILE),
    "full-width, dashed": full_width(groups(MOBILE, 3, 4, 4, by="-")),
    "full-width, +86": full_width(f"+86{MOBILE}"),
    "in Chinese": f"联系电话{MOBILE}，请回电",
    "in brackets": f"（{MOBILE}）",
    "before a Latin letter": f"{MOBILE}a",
    "before a Latin x": f"{MOBILE}x",
    "before a name": f"{MOBILE}Xiaoming",
    "behind a Latin x": f"x{MOBILE}",
    "after a date": f"2016-03-01，{MOBILE}",
    **{f"U+{ord(ch):04X} between": ch.join(MOBILE) for ch in ZERO_WIDTH + DIRECTIONS},
}

HARMLESS = [
    "",
    "钱粮湖镇六门闸村",
    "XF-2016-0031",
    "XF-2016-0031/2",
    "B-7.R",
    "B-7.2",
    "钱信〔2016〕3号",
    "钱政办发（2016）11号",
    "君信访〔2016〕0031-0042号",
    "2016-03-01",
    "2016-03",
    "2016-03-01T10:00:00+08:00",
    "2016-03-01 10:00:00.123456",
    "2016/03/01-2016/03/31",
    "2015年12月1日至2016年11月30日",
    "0730-5600123",
    "0730 5600123",
    "（0730）5600123",
    "12345",
    "1500000",
    "15,000,000.50元",
    "-1.5",
    "30人以上，每批次分别扣6分、5分、4分",
    "20160301100000",
    "12345678901234567890",
    "1" * 20,
    f"{CARD}00",
    f"00{CARD}",
    f"9{MOBILE}",
    f"{MOBILE}9",
    "10800138000",
    "12800138000",
    "1380013800",
    "430602-2016-0031",
    CARD[:17] + ("1" if CARD[17] == "0" else "0"),
    "430602189913310010",
    "430611651303000",
    "1、2、3、4、5、6、7、8、9、10、11",
    "V001 V002 V003 V004",
    "a3f5c9e1b7d2",
]


def digits(text):
    """Return the digits of a text, whatever their width and whatever is between them."""
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("text", CARDS.values(), ids=CARDS)
def test_finds_an_identity_card_number(text):
    assert holds_identifier(text)


@pytest.mark.parametrize("text", MOBILES.values(), ids=MOBILES)
def test_finds_a_mobile_number(text):
    assert holds_identifier(text)


@pytest.mark.parametrize("text", [*CARDS.values(), *MOBILES.values()], ids=[*CARDS, *MOBILES])
def test_masks_every_digit_of_an_identifier(text):
    masked = redact(text)
    assert "***" in masked
    assert not holds_identifier(masked)
    assert len(digits(masked)) <= len(digits("XF-2016-0031")), "at most the digits around it"


def test_keeps_the_text_around_an_identifier():
    assert (
        redact(f"来访人电话{MOBILE}，信访事项XF-2016-0031") == "来访人电话***，信访事项XF-2016-0031"
    )
    assert redact(f"身份证{X_CARD}、{OLD_CARD}，3人") == "身份证***、***，3人"
    assert redact(f"{MOBILE} 和 {CARD}") == "*** 和 ***"


@pytest.mark.parametrize("text", HARMLESS)
def test_does_not_find_identifiers_in_numbers_of_office_work(text):
    assert not holds_identifier(text)
    assert redact(text) == text


@pytest.mark.parametrize("region", ["340524", "340500", "430611", "430000", "990101", "000000"])
def test_any_region_code_can_be_checked(region):
    """The check of fifteen digits raises no error."""
    redact(f"{region}650203000")


WORDS = st.text(max_size=20).filter(
    lambda text: not re.search(r"\d", unicodedata.normalize("NFKC", text))
)
"""Any text without digits."""

ANY_CARD = st.builds(
    card,
    st.sampled_from(REGIONS) | st.integers(110000, 659999).map(str),
    st.dates(date(1880, 1, 1), date(1899, 12, 31)).map(lambda day: f"{day:%Y%m%d}"),
    st.integers(0, 999).map("{:03d}".format),
)
ANY_MOBILE = st.from_regex(r"\A1[3-9][0-9]{9}\Z")


@given(WORDS, ANY_CARD, WORDS, st.sampled_from([str, str.lower, full_width]))
@example("", X_CARD, "", str)
def test_finds_and_masks_any_card_number_in_any_text(before, number, after, written):
    text = before + written(number) + after
    assert holds_identifier(text)
    assert not holds_identifier(redact(text))
    assert digits(redact(text)) == ""


@given(
    WORDS, ANY_MOBILE, WORDS, st.sampled_from([str, full_width, "+86{}".format, "0086{}".format])
)
def test_finds_and_masks_any_mobile_number_in_any_text(before, number, after, written):
    text = before + written(number) + after
    assert holds_identifier(text)
    assert not holds_identifier(redact(text))


@given(st.text(alphabet="0123456789Xx -.+/中\u200b１", max_size=60))
def test_a_masked_text_has_no_identifier(text):
    assert not holds_identifier(redact(text))


@given(st.text())
def test_does_not_change_a_text_without_identifiers(text):
    if not holds_identifier(text):
        assert redact(text) == text
