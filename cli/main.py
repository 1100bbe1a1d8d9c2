"""`tally`: the group of all commands; a command is imported when it is called."""

from __future__ import annotations

import errno
import gc
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, ClassVar

import click

from cli.language import default_language, helped, render
from cli.output.streams import prepare_streams
from cli.progress import bars
from cli.suggesting import LazyGroup
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.shell_completion import CompletionItem

COMMANDS = {
    "init": ("cli.commands.init:init", "Make a ledger and adopt its measure."),
    "demo": ("cli.commands.demo:demo", "Make a ledger of a whole sample year and show it."),
    "record": ("cli.commands.record:record", "Append one entry."),
    "import": ("cli.commands.import_:import_", "Append all entries of files, or none."),
    "template": ("cli.commands.template:template", "Write a workbook to fill in."),
    "verify": ("cli.commands.verify:verify", "Verify entries (核定) under another name."),
    "return": ("cli.commands.return_:return_", "Send unverified entries back (退回)."),
    "score": ("cli.commands.score:score", "Show scores, ranks and flags of a year."),
    "explain": ("cli.commands.explain:explain", "Show every point of a unit, to its clause."),
    "reverse": ("cli.commands.correct:reverse", "Take an entry back (冲销)."),
    "correct": ("cli.commands.correct:correct", "Take an entry back and record it anew."),
    "list": ("cli.commands.list_:list_", "List the entries, the newest last."),
    "missing": ("cli.commands.missing:missing", "Show what units owe: late, missing, due soon."),
    "reform": ("cli.commands.reform:reform", "Show what a draft measure would change."),
    "sensitivity": (
        "cli.commands.sensitivity:sensitivity",
        "Show whose score or rank each reading moves.",
    ),
    "margins": ("cli.commands.margins:margins", "Show entries near an edge."),
    "diff": ("cli.commands.diff:diff", "Show what changed between two states, and why."),
    "audit": ("cli.commands.audit:audit", "Show how the office records and verifies."),
    "corrections": (
        "cli.commands.corrections:corrections",
        "Show what was taken back, and what it moved.",
    ),
    "costs": ("cli.commands.costs:costs", "Show which clauses cost most points."),
    "publish": ("cli.commands.publish:publish", "Record a period's bulletin (通报)."),
    "withdraw": ("cli.commands.publish:withdraw", "Withdraw a period's bulletin."),
    "bulletin": ("cli.commands.bulletin:bulletin", "Write a period's notice for Word."),
    "slip": ("cli.commands.slip:slip", "Write what a unit is told of its score."),
    "office": ("cli.commands.office:office", "Set what the papers say of the office."),
    "object": ("cli.commands.object:object_", "Record a unit's objection."),
    "decide": ("cli.commands.object:decide", "Decide an objection."),
    "history": ("cli.commands.history:history", "Show every event of an entry."),
    "rules": ("cli.commands.rules:rules", "Show clauses, amounts and readings in force."),
    "measure": ("cli.commands.measure:measure", "Check, compare and adopt measures as folders."),
    "region": ("cli.commands.region:region", "Ask the ledgers of many towns at once."),
    "account": ("cli.commands.account:account", "Open accounts, whose keys sign every append."),
    "evidence": ("cli.commands.evidence:evidence", "Keep scanned papers beside the ledger."),
    "schema": ("cli.commands.schema:schema", "Show the JSON Schema of a command's output."),
    "completion": ("cli.commands.completion:completion", "Print the script that completes words."),
    "serve": ("cli.commands.serve:serve", "Show the ledger as pages to a browser here."),
    "desk": ("cli.commands.desk:desk", "Serve the desk, where the office works, signed in."),
    "site": ("cli.commands.serve:site", "Write the same pages as files into a folder."),
    "check": ("cli.commands.check:check", "Prove the ledger whole, byte for byte."),
    "set-aside": (
        "cli.commands.set_aside:set_aside",
        "Leave a damaged position out, on the record.",
    ),
    "rebuild": (
        "cli.commands.rebuild:rebuild",
        "Make the read model kept beside the ledger again.",
    ),
    "checkpoint": ("cli.commands.check:checkpoint", "Sign and keep the head of the ledger."),
    "prove": ("cli.commands.prove:prove", "Prove that an entry is in the ledger."),
    "packet": ("cli.commands.packet:packet", "Write a unit's score with all that proves it."),
    "backup": ("cli.commands.backup:backup", "Write the whole ledger into a new file."),
    "restore": ("cli.commands.backup:restore", "Fill an empty ledger from a backup."),
    "copy": ("cli.commands.backup:copy", "Copy a ledger from one store to another."),
    "accept-copy": (
        "cli.commands.accept_copy:accept_copy",
        "Go on from an earlier copy of the ledger.",
    ),
}
"""By name: module and function of the command, and its line in `tally --help`."""


class MainGroup(LazyGroup):
    """All commands."""

    places: ClassVar = {name: place for name, (place, _) in COMMANDS.items()}

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a command, or an option, without importing the commands."""
        from cli.completing import beginning  # noqa: PLC0415 - only for a shell

        lines = ((name, render(line)) for name, (_, line) in COMMANDS.items())
        return [
            *beginning(incomplete, lines),
            *click.Command.shell_complete(self, ctx, incomplete),
        ]

    def main(self, *arguments: Any, **more: Any) -> Any:
        """Run as any group does, in the user's language."""
        group = helped(self)
        if default_language() == "en":
            return super(MainGroup, group).main(*arguments, **more)
        from cli.language.helping import click_in_chinese  # noqa: PLC0415

        with click_in_chinese():
            return super(MainGroup, group).main(*arguments, **more)

    def make_context(self, info_name: str | None, args: list[str], *_: Any, **more: Any) -> Any:
        """Parse the options before the command; see `_masked`."""
        words = [*args]
        with _masked(words):
            ctx = super().make_context(info_name, args, **more)
        ctx.meta[_WORDS] = words
        return ctx

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse words that are not text; they may name files, whose names may be any bytes."""
        for word in args:
            if _is_no_text(word) and not os.path.lexists(word):
                raise click.UsageError(
                    render(
                        "the word {text!r} is not text in {encoding}; write it in the encoding of "
                        "the terminal, and give a new file such a name",
                        text=word,
                        encoding=sys.getfilesystemencoding().upper(),
                    ),
                    ctx,
                )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see `_masked`."""
        with _masked(ctx.meta[_WORDS]):
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        del ctx
        with formatter.section(render("Commands")):
            formatter.write_dl([(name, render(line)) for name, (_, line) in COMMANDS.items()])


_WORDS = "tally.words"
"""Under what the context keeps the words of the command line."""

_BEFORE = "Error: "
"""Prefix of click's error messages; its Chinese is no wider."""


@contextmanager
def _masked(words: list[str]) -> Iterator[None]:
    """Mask passwords and control characters in click's messages, which quote the command line."""
    try:
        yield
    except click.ClickException as error:
        from cli.output.lines import folded_message  # noqa: PLC0415 - only after a fault
        from ledger.characters import visible  # noqa: PLC0415

        vars(error)["message"] = visible(_without_passwords(error.message, words))
        text = error.format_message()
        vars(error)["format_message"] = lambda: folded_message(text, _BEFORE)
        raise


def _without_passwords(text: str, words: list[str]) -> str:
    """Mask a text that may quote words of the command line, or the URL of the environment."""
    from ledger.stores.masking import mask_words  # noqa: PLC0415 - only after a fault

    return mask_words(text, [*words, os.environ.get("TALLY_LEDGER", "")])


def _is_no_text(word: str) -> bool:
    """Return whether a word of the command line has bytes that the locale cannot decode."""
    return not word.isascii() and any("\udc80" <= ch <= "\udcff" for ch in word)


EXAMPLE = """\b
Example:
  tally demo
  tally score --ledger sqlite:///tally-demo/tally.db --unit V001
  tally explain V001 2016Q2 --ledger sqlite:///tally-demo/tally.db
"""


@click.group(
    cls=MainGroup, epilog=EXAMPLE, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option("--ledger", metavar="URL", help="The ledger, for every command (TALLY_LEDGER).")
@click.version_option(package_name="tally-ledger", message="tally %(version)s")
def tally(ledger: str | None) -> None:
    """An event-sourced ledger of scoring events (考核).

    What units are scored by is appended as immutable events; the scores of periods and years,
    and flags, are replayed from them and explained to the clause and the entry.
    """
    del ledger  # `chosen_url` reads it


def main(arguments: list[str] | None = None) -> Any:
    """Run `tally`; print a refusal on standard error and exit with status 1.

    The status is 3 if the command did what it was to do, but its output could not be written.
    """
    # A command ends within seconds and makes few cycles; collecting them takes a third of its time.
    gc.disable()
    if "_TALLY_COMPLETE" in os.environ:
        from cli.shells import answer  # noqa: PLC0415 - only for a shell

        answer(tally)
    if sys.stderr is None:  # closed by the shell (`2>&-`)
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until the end
    if sys.stdout is None:
        sys.exit(
            "tally: "
            + render("standard output is closed; nothing was done. Send it to a file or /dev/null")
        )
    prepare_streams()
    sys.excepthook = _print_traceback
    try:
        with bars():
            return tally.main(arguments, prog_name="tally", standalone_mode=True)
    except Exception as error:  # noqa: BLE001 - raised again unless it is for the user
        _end(error)
    except KeyboardInterrupt:
        sys.exit(130)


def _print_traceback(_: Any, error: BaseException, trace: Any) -> None:
    """Print the traceback of a fault of the program, whose message may quote the ledger."""
    from traceback import format_exception  # noqa: PLC0415 - only after a fault

    from ledger.characters import visible_lines  # noqa: PLC0415

    lines = visible_lines("".join(format_exception(type(error), error, trace)))
    sys.stderr.write(_without_passwords(lines, sys.argv[1:]))


_OUTPUT = frozenset({errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, errno.EDQUOT, errno.EPIPE})
"""Errors of a disk, a pipe or a descriptor that standard output goes to."""


def _end(error: Exception) -> None:
    """Print the message of an error, in the user's language, and exit; raise any other error."""
    from cli.output import OutputError, remark_lines  # noqa: PLC0415 - only after a fault
    from ledger.errors import TallyError  # noqa: PLC0415

    if isinstance(error, FileNotFoundError) and _folder_is_gone():
        error = TallyError(
            Message("the current folder does not exist any more; change to another one (`cd`)")
        )
    elif isinstance(error, OSError) and error.errno in _OUTPUT:
        error = OutputError(error.strerror)
    if not isinstance(error, TallyError):
        raise error
    for sentence in error.sentences():
        remark_lines(sentence)
    if isinstance(error, OutputError):
        with suppress(OSError, ValueError):
            # What is left in the buffer would fail once more, with a traceback, at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(3 if error.done else 1)
    sys.exit(1)


def _folder_is_gone() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - only whether there is one
    except FileNotFoundError:
        return True
    return False


if __name__ == "__main__":
    main()
