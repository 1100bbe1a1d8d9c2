"""The form of an entry: its kind's fields as controls, and what is typed as the entry's JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from cli.output.times import office_time
from cli.parameters import MalformedError, Parsed
from cli.parameters.entry_fields import field_type, in_json
from ledger.errors import EntriesRefusedError, Refusal, TallyError
from ledger.message import Bilingual, message_of
from ledger.submissions import Submission, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cli.desk.offers import Offers
    from cli.desk.work import Desk, Given
    from ledger.entries.base import Field

    Texts = Mapping[str, Sequence[str]]
    """By field, what is typed; of a list its items."""

PREFIX: Final = "f_"
"""Prefix of the controls of an entry's fields; no other control of the desk has it."""

MOST_BOXES: Final = 60
"""Units that a list of units shows as boxes to tick; of more the ids are typed."""

_UNUSUAL: Final = frozenset({"id", "replaces", "evidence"})
"""Fields that a form shows folded."""

_TYPES: Final = {"day": "date", "month": "month", "moment": "datetime-local"}
"""By notation, the type of an input; others are texts."""

_MODES: Final = {"whole": "numeric", "decimal": "decimal"}


class Control(NamedTuple):
    """A field of an entry as a form shows it."""

    name: str
    label: str
    hint: str
    element: str
    """`select`, `boxes`, `area` or `input`."""
    type: str
    mode: str
    """Which keys a telephone shows: `numeric`, `decimal`."""
    values: Sequence[str]
    choices: Sequence[tuple[str, str]]
    """Values with their words: of a selection, of boxes, or offered as one types."""
    required: bool
    errors: Sequence[str]
    folded: bool

    @property
    def value(self) -> str:
        """Return the one value; of a list its items, with commas between them."""
        return "、".join(self.values)


def fields_of(desk: Desk, kind: str, texts: Texts) -> dict[str, Field]:
    """Return the fields of a kind; where years differ, those of the year that is typed too."""
    dates: dict[str, Any] = {name: values[0] for name, values in texts.items() if values}
    of_year = desk.kinds.under({**dates, "kind": kind}).fields(kind)
    found = {**desk.kinds.fields(kind), **of_year}
    return {name: field for name, field in found.items() if name != "kind"}


def typed(given: Given, fields: Mapping[str, Field]) -> dict[str, list[str]]:
    """Return what a form has in the fields of an entry; before it is sent, the address."""
    if given.fields:
        return {name: given.texts(PREFIX + name) for name in fields}
    named = {name: given.parameters.get(name, "").strip() for name in fields}
    return {name: [value] for name, value in named.items() if value}


def texts_of(content: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, list[str]]:
    """Return an entry's content as a form has it."""
    return {name: _texts(value, fields[name]) for name, value in content.items() if name in fields}


def _texts(value: Any, field: Field) -> list[str]:
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, dict):
        return [f"{name}={points}" for name, points in value.items()]
    if isinstance(value, list):
        return [f"{one['name']}={one['sha256']}" if isinstance(one, dict) else one for one in value]
    if field.form == "moment":
        return [office_time(value).replace(" ", "T").removesuffix(":00")]
    return [str(value)]


def controls(
    desk: Desk, kind: str, texts: Texts, offers: Offers, refusals: Sequence[Refusal] = ()
) -> list[Control]:
    """Return the controls of a kind's form.

    Args:
        desk: the desk.
        kind: of the entry.
        texts: what is typed so far.
        offers: what fields offer.
        refusals: why it was refused, each shown at its field.
    """
    found = []
    fields = fields_of(desk, kind, texts)
    for name, field in fields.items():
        values = [value for value in texts.get(name, ()) if value]
        element, choices = _element(desk, field, offers)
        if field.refers_to is not None and element == "input":
            values = [offers.label(field.refers_to, one) for one in values]
        if not values and element == "select" and isinstance(field.default, str | bool):
            values = _texts(field.default, field)
        errors = [desk.translate(one.message) for one in refusals if str(one.field) == name]
        hint = desk.translate(field.description)
        label = desk.translate.field(desk.kinds, kind, name)
        found.append(
            Control(
                name,
                label,
                "" if hint == label else hint,
                "area" if name == "note" else element,
                _TYPES.get(field.form, "text"),
                _MODES.get(field.form, ""),
                values,
                choices,
                field.required,
                errors,
                name in _UNUSUAL and not errors,
            )
        )
    return sorted(found, key=lambda one: (one.name in _UNUSUAL, one.name == "note"))


def _element(desk: Desk, field: Field, offers: Offers) -> tuple[str, list[tuple[str, str]]]:
    """Return the element of a field, with the values that it is one of or offers."""
    if field.choices:
        return "select", [(one, desk.translate.choice(field, one)) for one in field.choices]
    if field.form == "flag":
        words = [(value, desk.translate.term(value == "true")) for value in ("true", "false")]
        return "select", words
    if field.refers_to is None:
        return "input", []
    offered = offers.of(field.refers_to)
    if field.form == "list" and 0 < len(offered) <= MOST_BOXES:
        return "boxes", list(offered.items())
    return "input", [(label, "") for label in offered.values()]


def content_of(desk: Desk, kind: str, texts: Texts, offers: Offers) -> dict[str, Any]:
    """Return the JSON object of an entry, without the fields that are empty.

    Raises:
        EntriesRefusedError: a value is malformed, each at its field.
    """
    content: dict[str, Any] = {"kind": kind}
    refused = []
    for name, field in fields_of(desk, kind, texts).items():
        values = [value for value in texts.get(name, ()) if value]
        if not values:
            continue
        try:
            content[name] = _value(values, name, field, offers)
        except (MalformedError, TallyError) as error:
            refused.append(_refusal(message_of(error), name, field))
        except click.BadParameter as error:
            refused.append(_refusal(error.message, name, field))
    if refused:
        raise EntriesRefusedError(refused)
    return content


def _refusal(message: str, name: str, field: Field) -> Refusal:
    return Refusal(message, Bilingual(name, field.title))


def _value(values: Sequence[str], name: str, field: Field, offers: Offers) -> Any:
    """Return the JSON value of what is typed in a field.

    Raises:
        MalformedError: it is malformed.
        click.BadParameter: it is no choice, or no list of pairs.
        OptionError: several units have the name.
    """
    kind_of_value = field_type(field)
    text = "、".join(values)
    value = (
        kind_of_value.parse(text)
        if isinstance(kind_of_value, Parsed)
        else kind_of_value.convert(text, None, None)
    )
    if field.refers_to is not None:
        of = field.refers_to
        value = (
            tuple(offers.id_of(of, one) for one in value)
            if isinstance(value, tuple)
            else offers.id_of(of, value)
        )
    return in_json(name, field, value)


def submission_of(desk: Desk, content: Mapping[str, Any]) -> Submission:
    """Return the entry of a JSON object, validated by itself.

    Raises:
        EntriesRefusedError: a field is wrong or missing.
    """
    raw = json.dumps(content, ensure_ascii=False).encode(errors="surrogatepass")
    outcome = parse(raw, kinds=desk.kinds)
    if isinstance(outcome, Submission):
        return outcome
    raise EntriesRefusedError(outcome)
