"""A publication of class version 1 is read as one of version 2."""

from datetime import date

import pytest

from ledger import codec
from ledger.events import (
    FiguresPublished,
)
from tests.ledger.test_codec import FIGURE, event

FIRST_PUBLISHED = (
    '{"class_version":%d,"at":"2026-03-01T02:00:00.123456Z","by":"head","quarter":"2016Q2",'
    '"position":128,"through":"2016-05-31","figures":[{"unit":"V001","name":"翠岭村",'
    '"quarter":"2016Q2","score":"15.25","basic_work":"5","abnormal_petitions":"10.25",'
    '"rewards":"0","penalties":"2","disqualified":true,"vetoed":false,"eligible":false}]}'
)
"""A publication as it was stored before measures had periods, sections and flags of their own."""


def test_a_publication_of_class_version_1_has_a_period_with_sections_and_flags():
    state = (FIRST_PUBLISHED % 1).encode()
    expected = event(
        FiguresPublished,
        period="2016Q2",
        position=128,
        through=date(2016, 5, 31),
        figures=(FIGURE,),
    )
    assert codec.decode(codec.PUBLISHED, state) == expected
    assert codec.validate("published:2016Q2", codec.PUBLISHED, state) == expected


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('"vetoed":false', '"vetoed":0'),
        ('"disqualified":true', '"disqualified":"true"'),
        ('"rewards":"0"', '"rewards":"some"'),
        ('"rewards":"0",', ""),
        ('"quarter":"2016Q2","score"', '"score"'),
        ('"figures":[', '"figures":[5,'),
    ],
)
@pytest.mark.parametrize("read", [codec.decode, lambda *row: codec.validate("x", *row)])
def test_refuses_damaged_figures_of_class_version_1(read, was, now):
    state = (FIRST_PUBLISHED % 1).replace(was, now)
    assert state != FIRST_PUBLISHED % 1
    with pytest.raises(codec.UNREADABLE):
        read(codec.PUBLISHED, state.encode())


def test_a_publication_of_class_version_1_is_not_read_as_one_of_2():
    with pytest.raises(codec.UNREADABLE):
        codec.decode(codec.PUBLISHED, (FIRST_PUBLISHED % 2).encode())
