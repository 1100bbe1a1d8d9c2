"""The Chinese catalogue has exactly the messages of the sources, each translated."""

from __future__ import annotations

import ast
import re
from string import Formatter
from typing import get_args

from cli.language.vocabulary import WORDS
from ledger import vocabulary
from projections.postings import OpenKind
from tests.catalogue import MO, PO, ROOT, compiled, extracted, marked, stored, text_of

AGAIN = "run `python -m tests.catalogue`"
_PLACE, _WORD, _CHINESE = re.compile(r"\{.*?\}"), re.compile("[A-Za-z]{2}"), re.compile("[一-鿿]")


def placeholders(template):
    """Return the values that a template names, by name or place, without their formats."""
    if "%s" in template or '{"' in template:
        return {f"%s {place}" for place in range(template.count("%s"))}
    found = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
    return {name or str(place) for place, name in enumerate(found)}


def test_the_catalogue_is_up_to_date_with_the_sources():
    known = stored()
    made = extracted(known)
    assert {one.id for one in made} ^ {one.id for one in known} == set(), AGAIN
    assert text_of(made) == PO.read_text(encoding="utf-8"), AGAIN
    assert compiled(known) == MO.read_bytes(), AGAIN


def test_every_message_has_a_translation_with_the_same_placeholders():
    for message in stored():
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        (chinese,) = message.string if isinstance(message.id, tuple) else (message.string,)
        assert not message.fuzzy, message.id
        assert _CHINESE.search(chinese) or not _WORD.search(_PLACE.sub("", forms[0])), message.id
        assert placeholders(chinese) in [placeholders(form) for form in forms], message.id


def test_every_call_gives_the_values_that_its_message_names():
    """Otherwise formatting the message would fail."""
    for template, call, path in marked():
        given = {one.arg for one in call.keywords}
        if len(call.args) > 1 and isinstance(call.args[1], ast.Tuple):
            given = set(map(str, range(len(call.args[1].elts))))
        if given - {"field"} and None not in given:
            wanted = placeholders(template)
            assert wanted in (given, given - {"field"}), f"{path.relative_to(ROOT)}: {template!r}"


def test_every_coded_value_has_a_chinese_word():
    kinds = (OpenKind, *(one for one in vars(vocabulary).values() if not isinstance(one, tuple)))
    coded = {value for kind in kinds for value in get_args(kind) if isinstance(value, str)}
    assert {value for value in coded if value.isidentifier()} - set(WORDS) == set()
