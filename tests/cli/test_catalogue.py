"""The Chinese catalogue is whole: nothing missing, nothing left over, nothing out of step."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from string import Formatter

import pytest

from tests.catalogue import CLICK, MO, PO, compiled, extracted, stored, text_of, updated

AGAIN = "run `python -m tests.catalogue`"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LETTERS = re.compile(r"[A-Za-z]{2,}")

_PLACE = re.compile(r"\{\w*[^{}]*\}")


@pytest.fixture(scope="module")
def catalogue():
    return stored()


def texts(message):
    """Every English form of a message with its Chinese."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return [(one, other) for one in ids for other in strings]


def places(template):
    """What a template fills in, by place or name; what the Chinese asks for beside is its own."""
    found, number = [], 0
    for _, name, spec, conversion in Formatter().parse(template):
        if name is None:
            continue
        place = name or str(number)
        number += name == ""
        found.append((place, "" if spec in {"word", "both"} else spec, conversion))
    return sorted(found, key=str)


def test_the_catalogue_is_of_these_sources(catalogue):
    said = {message.id for message in extracted()}
    known = {message.id for message in catalogue}
    assert said - known == set(), AGAIN
    assert known - said == set(), AGAIN
    assert not catalogue.obsolete
    assert text_of(updated(catalogue, extracted())) == PO.read_text(encoding="utf-8"), AGAIN


def test_everything_has_its_chinese(catalogue):
    for message in catalogue:
        assert not message.fuzzy, message.id
        for english, chinese in texts(message):
            assert chinese or not english, f"{english!r} has no Chinese"
            if _LETTERS.search(_PLACE.sub("", english)):
                assert _CHINESE.search(chinese), f"{english!r}: {chinese!r} is no Chinese"


def test_both_languages_fill_in_the_same(catalogue):
    for message in catalogue:
        for english, chinese in texts(message):
            if isinstance(message.id, tuple):
                # One Chinese form stands for both English ones, and has no more than they.
                assert places(chinese)
                assert set(places(chinese)) <= {one for form in message.id for one in places(form)}
            elif "%s" in english:
                assert english.count("%s") == chinese.count("%s")
            elif "{" in english and '{"' not in english:
                # A value may be told twice in one language and once in the other.
                assert set(places(english)) == set(places(chinese)), english


def test_it_is_compiled(catalogue):
    assert compiled(catalogue) == MO.read_bytes(), AGAIN


@pytest.mark.parametrize("module", CLICK)
def test_click_says_what_is_translated(module):
    """In its own source; so that a newer click that says it otherwise is noticed."""
    source = inspect.getsource(import_module(f"click.{module}"))
    for text in CLICK[module]:
        for one in text if isinstance(text, tuple) else (text,):
            assert one.replace("\n", "\\n").replace("\t", "\\t") in source, one
