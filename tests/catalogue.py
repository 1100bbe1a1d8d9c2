"""Update and compile the Chinese catalogue: `python -m tests.catalogue`.

New messages are added without a translation, which the test of the catalogue then requires;
messages that no source has any more are removed. Words of coded values are not messages: they
are in `cli.language.vocabulary`, titles of kinds and fields in `ledger.entries`.
"""

from __future__ import annotations

import ast
import errno
import inspect
import os
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from cli.language.chinese import DOMAIN, LOCALE
from cli.language.helping import EXAMPLE, SEVERAL
from cli.language.vocabulary import WORDS
from cli.main import COMMANDS, MainGroup, tally
from ledger.entries import BY_KIND
from projections.kinds import KINDS
from projections.measure import built_in
from projections.measure.draft import MANNERS
from projections.measure.model import QUANTITIES

ROOT = Path(__file__).parents[1]
PO = LOCALE / "zh_CN" / "LC_MESSAGES" / f"{DOMAIN}.po"
MO = PO.with_suffix(".mo")

MARKS = {"Message": 0, "Working": 0, "render": 0, "remark": 0, "translate": 0, "wrong": 1}
"""Calls that mark a message, by name, with the position of the message in their arguments."""

HEADER = """\
# The Chinese messages of tally; `python -m tests.catalogue` updates and compiles them.
# A placeholder may have a suffix here: `{level:word}` is the office's word for a term,
# `{field:both}` the word followed by the term. Unnamed placeholders may be numbered: {1} {0}.
msgid ""
msgstr ""
"Language: zh_CN\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


@cache
def marked():
    """Return (message, call, file) of every call in the sources that marks a message.

    Babel's extractor for Python ignores calls within the arguments of other calls.
    """
    found = []
    for path in sorted(
        path for name in ("ledger", "projections", "cli") for path in (ROOT / name).rglob("*.py")
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", None))
                found.extend(
                    (argument.value, node, path)
                    for argument in node.args[MARKS.get(name, len(node.args)) :][:1]
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                )
    return found


def page_messages():
    """Yield the messages of the pages' templates."""
    keywords = {"translate": None}
    for path in sorted((ROOT / "cli" / "pages" / "templates").rglob("*.html")):
        with path.open("rb") as file:
            yield from (message for _, message, *_ in extract(babel_extract, file, keywords))


def commands():
    """Yield every command."""
    context = click.Context(tally)
    yield tally
    for name in COMMANDS:
        command = MainGroup.get_command(tally, context, name)
        yield command
        if isinstance(command, click.Group):
            yield from (command.get_command(context, one) for one in command.list_commands(context))


def help_messages():
    """Yield the help of every command and option; an option of a field has its description."""
    yield from (EXAMPLE, SEVERAL, *(line for _, line in COMMANDS.values()))
    yield from (field.description for kind in BY_KIND.values() for field in kind.FIELDS.values())
    for command in commands():
        own = BY_KIND[command.name].FIELDS if command.name in BY_KIND else {}
        options = [one for one in command.params if isinstance(one, click.Option)]
        texts = [command.help, *(one.help for one in options if one.name not in own)]
        yield from (inspect.cleandoc(text) for text in texts if text)


def rule_messages():
    """Yield the names in rule files and kinds: of cases, of amounts, of values of readings."""
    fields = {name for kind in BY_KIND.values() for name in kind.FIELDS}
    for clause in built_in().clauses.values():
        for amount in clause.amount:
            yield amount.of
            yield from amount.stated()
            for name, values in amount.when.items():
                terms = [name, *(values if isinstance(values, list) else [])]
                yield from (term for term in terms if term not in fields and term[0].isalpha())
        for reading in clause.reading:
            yield from (one.meaning for one in reading.value)
            if reading.number is not None:
                yield reading.number.kind


def kind_messages():
    """Yield the names that kinds of clauses bring: what amounts are of, and of their cases."""
    yield from {*QUANTITIES, *MANNERS} - {"percent"}
    for module in KINDS.values():
        names = getattr(module, "NAMES", {})
        yield from (*names, *(value for values in names.values() for value in values))
        with suppress(AttributeError):  # those that the clause itself names
            yield from module.tables_of(SimpleNamespace(parameters=None))


def library_messages():
    """Yield the messages of click and of the operating system; some of them are translated."""
    yield from map(os.strerror, errno.errorcode)
    keywords = {"_": None, "ngettext": (1, 2)}
    click_messages = extract_from_dir(
        Path(click.__file__).parent, [("**.py", "python")], keywords=keywords
    )
    yield from (message for _, _, message, *_ in click_messages)


def extracted(known):
    """Return the catalogue of all messages to translate, with the known translations."""
    ours = {
        *(message for message, *_ in marked()),
        *page_messages(),
        *help_messages(),
        *rule_messages(),
        *kind_messages(),
    }
    found = ours - {*WORDS, *BY_KIND, None, ""}
    made = Catalog(locale="zh_CN", domain=DOMAIN, fuzzy=False, charset="utf-8")
    for message in [*found, *(one for one in library_messages() if one in known)]:
        old = known.get(message)
        made.add(message, None if old is None else old.string)
    return made


def stored():
    """Return the catalogue as it is in the repository."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN", domain=DOMAIN)


def text_of(catalogue):
    """Return the text of the .po file, without line numbers, which change with every edit."""
    made = BytesIO()
    write_po(made, catalogue, width=100, omit_header=True, no_location=True, sort_output=True)
    return HEADER + made.getvalue().decode()


class _Compiled(Catalog):
    """Omit time and version, so that equal sources compile to equal bytes."""

    mime_headers = (
        ("Language", "zh_CN"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Plural-Forms", "nplurals=1; plural=0;"),
    )


def compiled(catalogue):
    """Return the bytes of the .mo file."""
    fixed, made = _Compiled(locale="zh_CN"), BytesIO()
    for message in catalogue:
        if message.id:
            fixed.add(message.id, message.string)
    write_mo(made, fixed)
    return made.getvalue()


def main():
    """Update and compile the catalogue, and print the messages without translation."""
    made = extracted(stored())
    PO.write_text(text_of(made), encoding="utf-8")
    MO.write_bytes(compiled(stored()))
    missing = [message.id for message in made if message.id and not message.string]
    print(f"{len(made)} messages, {len(missing)} without Chinese")
    for one in missing:
        print(f"  {one!r}")


if __name__ == "__main__":
    main()
