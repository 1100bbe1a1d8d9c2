"""The Chinese catalogue: `python -m tests.catalogue` reads the sources anew and compiles it.

What is said in the sources and not in the catalogue comes into it without its Chinese, which a
test then asks for; what nothing says any more goes out of it.
"""

from __future__ import annotations

import ast
import inspect
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from cli.language.chinese import DOMAIN, LOCALE
from cli.language.helping import EXAMPLE
from cli.main import COMMANDS, LazyGroup, tally
from cli.workbooks.words import WORDS
from ledger.entries import BY_KIND
from projections.rulebook import load_rulebook

ROOT = Path(__file__).parents[1]
SOURCES = ("ledger", "projections", "cli")
PO = LOCALE / "zh_CN" / "LC_MESSAGES" / f"{DOMAIN}.po"
MO = PO.with_suffix(".mo")

MARKS = {"Said": 0, "Working": 0, "tell": 0, "remark": 0, "wrong": 1}
"""What marks a template: a call of that name with it as the argument at that place."""

CLICK = {
    "core": [
        *("Aborted!", "Options", "Commands", "Missing command.", "default: {default}", "required"),
        (
            "Got unexpected extra argument ({args})",
            "Got unexpected extra arguments ({args})",
        ),
    ],
    "decorators": ["Show the version and exit.", "Show this message and exit."],
    "exceptions": [
        *("Error: {message}", "Try '{command} {option}' for help."),
        *("Invalid value: {message}", "Invalid value for {param_hint}: {message}"),
        *("Missing argument", "Missing option", "Missing parameter", "Missing {param_type}"),
        *("No such option {name!r}.", "No such command {name!r}."),
        ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ],
    "formatting": ["Usage:"],
    "parser": [
        "Option {name!r} does not take a value.",
        (
            "Option {name!r} requires an argument.",
            "Option {name!r} requires {nargs} arguments.",
        ),
    ],
    "types": [
        "Choose from:\n\t{choices}",
        ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
        "{value!r} is not a valid {number_type}.",
        "{value} is not in the range {range}.",
    ],
}
"""By module: the words of click that a user of these commands can meet."""


SYSTEM = (
    *("No such file or directory", "Permission denied", "Is a directory", "Not a directory"),
    *("File exists", "No space left on device", "Read-only file system", "Input/output error"),
    *("Address already in use", "Cannot assign requested address", "File name too long"),
)
"""What the operating system says, which some messages pass on; the rest stays as it is."""


def marked(tree):
    """The templates that calls in a module mark."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = getattr(node.func, "id", name)
        place = MARKS.get(name, len(node.args))
        if place < len(node.args):
            found = node.args[place]
            if isinstance(found, ast.Constant) and isinstance(found.value, str) and found.value:
                yield found.value


def of_sources():
    """(template, file) of every marked template in the sources."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield from ((text, str(path.relative_to(ROOT))) for text in marked(tree))


def commands():
    """Every command, by its name."""
    context = click.Context(tally)
    yield "tally", tally
    for name in COMMANDS:
        command = LazyGroup.get_command(tally, context, name)
        yield name, command
        if isinstance(command, click.Group):
            for other in command.list_commands(context):
                yield f"{name} {other}", command.get_command(context, other)


def of_help():
    """(text, command) of the help of every command and option, as click holds it."""
    yield EXAMPLE, "cli/main.py"
    for name, (_, line) in COMMANDS.items():
        yield line, f"help: tally {name}"
    for name, command in commands():
        texts = [command.help, command.short_help]
        texts += [one.help for one in command.params if isinstance(one, click.Option)]
        for text in filter(None, texts):
            if text.isascii() or text not in {kind.TITLE for kind in BY_KIND.values()}:
                yield inspect.cleandoc(text), f"help: {name}"


def of_rules():
    """(words, file) of what rule files call things: cases, measures, values of readings."""
    for clause in load_rulebook().clauses.values():
        file = f"projections/clauses/{clause.judge}.toml"
        for amount in clause.amount:
            yield amount.of, file
            yield from ((measure, file) for measure in amount.stated())
            for name, values in amount.when.items():
                terms = [name, *(values if isinstance(values, list) else [])]
                yield from ((term, file) for term in terms if not is_term(term))
        for reading in clause.reading:
            yield from ((one.meaning, file) for one in reading.value)
            if reading.number is not None:
                yield reading.number.kind, file


def is_term(text):
    """Whether a word has its Chinese elsewhere: a kind, a field, a value of a field."""
    fields = {name for kind in BY_KIND.values() for name in kind.FIELDS}
    return text in {*BY_KIND, *WORDS, *fields} or text.replace(".", "").isdigit()


def extracted():
    """All that needs its Chinese."""
    made = Catalog(locale="zh_CN", domain=DOMAIN, fuzzy=False, charset="utf-8")
    found = [*of_sources(), *of_help()]
    found += of_rules()
    found += [(text, "os.strerror") for text in SYSTEM]
    found += [(text, f"click/{name}.py") for name, texts in CLICK.items() for text in texts]
    for message, place in found:
        made.add(message, locations=[(place, 0)])
    return made


def stored():
    """The catalogue as it lies in the tree."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN", domain=DOMAIN)


def updated(known, fresh):
    """What the sources say, with the Chinese that is known."""
    for message in fresh:
        if message.id and message.id in known:
            message.string = known[message.id].string
    return fresh


def text_of(catalogue):
    """The .po: places without lines, which change too often to be worth a difference."""
    made = BytesIO()
    write_po(made, catalogue, width=100, omit_header=True, include_lineno=False, sort_output=True)
    return HEADER + made.getvalue().decode()


class _Compiled(Catalog):
    """Without the hour and the version of the compiler, so that equal sources compile equal."""

    mime_headers = (
        ("Language", "zh_CN"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Plural-Forms", "nplurals=1; plural=0;"),
    )


def compiled(catalogue):
    """The .mo."""
    fixed, made = _Compiled(locale="zh_CN"), BytesIO()
    for message in catalogue:
        if message.id:
            fixed.add(message.id, message.string)
    write_mo(made, fixed)
    return made.getvalue()


HEADER = """\
# The Chinese of tally: `python -m tests.catalogue` brings it up to date and compiles it.
# A place of a template may ask for more here: `{level:word}` is the office's word for a term,
# `{field:both}` the word with the term behind it. Unnamed places may be numbered: {1} {0}.
msgid ""
msgstr ""
"Language: zh_CN\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def main():
    """Brings the catalogue up to date and compiles it; says what has no Chinese yet."""
    known = stored() if PO.exists() else Catalog(locale="zh_CN")
    made = updated(known, extracted())
    PO.write_text(text_of(made), encoding="utf-8")
    MO.write_bytes(compiled(stored()))
    missing = [message.id for message in made if message.id and not message.string]
    print(f"{len(made)} messages, {len(missing)} without Chinese")
    for one in missing:
        print(f"  {one!r}")


if __name__ == "__main__":
    main()
