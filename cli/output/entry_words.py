"""The words of an entry's kind, fields and values, as its own kind declares them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.translating import translator
from cli.output import shown
from cli.output.times import office_minute
from ledger.message import Bilingual, Series
from projections.listing import ShownWords

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.kinds import Kinds


def kind_word(kind: str, kinds: Kinds) -> str:
    """Return the name of a kind, in Chinese its title."""
    return Bilingual(kind, kinds.title(kind)) if kind in kinds else kind


def words_with(text: str, kinds: Kinds) -> ShownWords:
    """Return the kinds of entries, and the choices of their fields, whose Chinese has a text."""
    chinese = translator("zh")
    values = {
        kind: {
            name: frozenset(one for one in field.choices if text in chinese.choice(field, one))
            for name, field in kinds.fields(kind).items()
        }
        for kind in kinds
    }
    return ShownWords(
        frozenset(kind for kind in kinds if text in kinds.title(kind)),
        {kind: fields for kind, fields in values.items() if any(fields.values())},
    )


def field_words(content: Mapping[str, Any], kinds: Kinds) -> Iterator[tuple[str, str | Series]]:
    """Yield each field of an entry's content with its value, in Chinese title and word.

    Two kinds may have a field or a value of one name and give it other words.
    """
    kind, kinds = content["kind"], kinds.under(content)
    fields = kinds.fields(kind) if kind in kinds else {}
    for name, value in content.items():
        field = fields.get(name)
        if name == "kind" or field is None:
            yield name, kind_word(value, kinds) if name == "kind" else shown(value)
            continue
        if name == "evidence":
            yield Bilingual(name, field.title), Series(paper["name"] for paper in value)
            continue
        if field.form == "moment":
            yield Bilingual(name, field.title), office_minute(value)
            continue
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            yield Bilingual(name, field.title), Series(value)
            continue
        zh = field.words.get(value) if isinstance(value, str) else None
        title = Bilingual(name, field.title)
        yield title, shown(value) if zh is None else Bilingual(value, zh)
