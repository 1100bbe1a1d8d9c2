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


def with_luhn(body):
    """Return a number with the check digit of ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body))]
    return f"{body}{-sum(one // 10 + one % 10 for one in doubled) % 10}"


BANK_CARD, BANK_CARD_19 = with_luhn("622202123456789"), with_luhn("622202000000000000")
VISA = "4111111111111111"  # the number that the issuer gives for tests

DISGUISED = {
    "trunk prefix": f"0{MOBILE}",
    "trunk prefix, in groups": groups(f"0{MOBILE}", 4, 4, 4, by="-"),
    "trunk prefix apart": f"0-{groups(MOBILE, 3, 4, 4, by='-')}",
    "086": f"086{MOBILE}",
    "086 apart": f"086-{MOBILE}",
    "+86 0": f"+86 0{MOBILE}",
    "0086 and brackets": "0086(138)0013-8000",
    "area in brackets": "(138)00138000",
    "area in brackets, spaced": "(138) 00138000",
    "area in brackets, in groups": "(138)0013-8000",
    "full-width brackets": "（138）00138000",
    "square brackets": "[138]0013 8000",
    **{
        f"3 4 4 by {mark}": groups(MOBILE, 3, 4, 4, by=mark)
        for mark in (",", "，", "/", ":", "：", "*", ";", "#", "|", "~")
    },
    "four blanks": groups(MOBILE, 3, 4, 4, by="    "),
    "six blanks": groups(MOBILE, 4, 3, 4, by="      "),
    "pairs by dashes": groups(MOBILE, 2, 2, 2, 2, 2, 1, by="-"),
    "pairs by dots": groups(MOBILE, 1, 2, 2, 2, 2, 2, by="."),
    "pairs by slashes": groups(MOBILE, 2, 2, 2, 2, 2, 1, by="/"),
    "single digits by dashes": "-".join(MOBILE),
    "single digits by commas": ",".join(MOBILE),
    "single digits by stars": "*".join(MOBILE),
    "Chinese": "一三八零零一三八零零零",
    "Chinese with 〇": "一三八〇〇一三八〇〇〇",
    "Chinese with 幺": "幺三八零零幺三八零零零",
    "Chinese capitals": "壹叁捌零零壹叁捌零零零",
    "Chinese in groups": "一三八 零零一三 八零零零",
    "Chinese and digits": "138零零138零零零",
    "Chinese in a sentence": "请打电话幺三八零零幺三八零零零找他",
    "keycaps": "".join(f"{digit}\ufe0f\u20e3" for digit in MOBILE),
    "keycaps without selectors": "".join(f"{digit}\u20e3" for digit in MOBILE),
    "in circles": "①③⑧⓪⓪①③⑧⓪⓪⓪",
    **{
        f"U+{ord(ch):04X} between": ch.join(MOBILE)
        for ch in "\u034f\u115f\u1160\u17b4\u180b\u2800\u3164\ufe0f\uffa0\U000e0100"
    },
    **{f"card, {x} for X": X_CARD[:17] + x for x in "ХхΧχ×✕✖╳"},
    "card by commas": groups(CARD, 6, 8, 4, by=","),
    "card by stars": groups(CARD, 6, 4, 4, 4, by="*"),
    "card by colons": groups(CARD, 6, 8, 4, by=":"),
    "card by brackets": f"({CARD[:6]})({CARD[6:14]})({CARD[14:]})",
    "card, four blanks": groups(CARD, 6, 8, 4, by="    "),
    "card of U+3164": "\u3164".join(CARD),
    "card in Chinese": CARD.translate(str.maketrans("0123456789", "〇一二三四五六七八九")),
    "old card by commas": groups(OLD_CARD, 6, 6, 3, by=","),
}

ADDRESSES = {
    "area code and dash": "0730-5600123",
    "area code and blank": "0730 5600123",
    "area code in brackets": "（0730）5600123",
    "area code alone": "07305600123",
    "capital": "010-62345678",
    "eight digits in groups": "0731-8234-5678",
    "country code": "+86 730 5600123",
    "country code and zero": "0086-0731-82345678",
    "extension": "0730-5600123-801",
    "in a sentence": "办公电话：0730-5600123，请回电",
    "bank card": BANK_CARD,
    "bank card in fours": groups(BANK_CARD, 4, 4, 4, 4),
    "bank card in fours, dashed": groups(BANK_CARD, 4, 4, 4, 4, by="-"),
    "bank card of 19 digits": BANK_CARD_19,
    "bank card of 19 digits in fours": groups(BANK_CARD_19, 4, 4, 4, 4, 3),
    "bank card, full-width": full_width(BANK_CARD),
    "Visa": VISA,
    "in Chinese": f"打入卡号{BANK_CARD}账户",
    "e-mail": "zhang.san@example.com",
    "e-mail in a sentence": "邮箱zhang_san01@qq.com，请回复",
    "e-mail, full-width": full_width("zhangsan@163.com"),
    "e-mail of a department": "a-b+c@mail.gov.cn",
}

HARMLESS = [
    "（138）20160301",
    "每月1,3,8,0,0,1,3,8,0,0,0,2批",
    "13:30:00-15:30 1批",
    "13:30–15:00，16:00–17:30，1人",
    "13,800,138,000元",
    "152, 1340, 2210人",
    "152+1340+2210=3702",
    "二〇一六年十二月三十一日",
    "一二三四五六七八九十",
    "XF-0730-5600123",
    "0730 20160301",
    "0310-20160330",
    "0830-2030 2016年",
    BANK_CARD[:-1] + str((int(BANK_CARD[-1]) + 1) % 10),
    with_luhn("430611201603010"),  # region, day and number
    "postgresql://tally@db.example.cn/town",
    "扫描件 a@2x.png",
    "clerk@office",
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


@pytest.mark.parametrize("text", DISGUISED.values(), ids=DISGUISED)
def test_finds_a_disguised_number(text):
    assert holds_identifier(text)


@pytest.mark.parametrize("text", ADDRESSES.values(), ids=ADDRESSES)
def test_finds_telephones_bank_cards_and_e_mail_addresses(text):
    assert holds_identifier(text)


FOUND = {**CARDS, **MOBILES, **DISGUISED, **ADDRESSES}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
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
