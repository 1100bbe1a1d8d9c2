"""`tally`: the group of all commands; a command is imported when it is called."""

from __future__ import annotations

import errno
import gc
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from cli.language import default_language, helped, render
from cli.progress import bars
from cli.suggesting import NamedGroup

COMMANDS = {
    "init": ("cli.commands.init:init", "Make a ledger and adopt its measure."),
    "demo": ("cli.commands.demo:demo", "Make a ledger of a whole sample year and show it."),
    "record": ("cli.commands.record:record", "Append one entry."),
    "import": ("cli.commands.import_:import_", "Append all entries of files, or none."),
    "template": ("cli.commands.template:template", "Write a workbook to fill in."),
    "verify": ("cli.commands.verify:verify", "Verify entries (核定) under another name."),
    "score": ("cli.commands.score:score", "Show scores, ranks and flags of a year."),
    "explain": ("cli.commands.explain:explain", "Show every point of a unit, to its clause."),
    "reverse": ("cli.commands.correct:reverse", "Take an entry back (冲销)."),
    "correct": ("cli.commands.correct:correct", "Take an entry back and record it anew."),
    "list": ("cli.commands.list_:list_", "List the entries, the newest last."),
    "missing": ("cli.commands.missing:missing", "Show what units owe: late, missing, due soon."),
    "reform": ("cli.commands.reform:reform", "Show what a draft measure would change."),
    "diff": ("cli.commands.diff:diff", "Show what changed between two states, and why."),
    "publish": ("cli.commands.publish:publish", "Record a quarter's bulletin (季度通报)."),
    "withdraw": ("cli.commands.publish:withdraw", "Withdraw a quarter's bulletin."),
    "bulletin": ("cli.commands.bulletin:bulletin", "Write a quarter's notice for Word."),
    "object": ("cli.commands.object:object_", "Record a unit's objection."),
    "decide": ("cli.commands.object:decide", "Decide an objection."),
    "history": ("cli.commands.history:history", "Show every event of an entry."),
    "rules": ("cli.commands.rules:rules", "Show clauses, amounts and readings in force."),
    "measure": ("cli.commands.measure:measure", "Check, compare and adopt measures as folders."),
    "schema": ("cli.commands.schema:schema", "Show the JSON Schema of a command's output."),
    "serve": ("cli.commands.serve:serve", "Show the ledger as pages to a browser here."),
    "site": ("cli.commands.serve:site", "Write the same pages as files into a folder."),
    "check": ("cli.commands.check:check", "Prove the ledger whole, byte for byte."),
    "rebuild": (
        "cli.commands.rebuild:rebuild",
        "Make the read model kept beside the ledger again.",
    ),
    "checkpoint": ("cli.commands.check:checkpoint", "Sign and keep the head of the ledger."),
    "prove": ("cli.commands.prove:prove", "Prove that an entry is in the ledger."),
    "backup": ("cli.commands.backup:backup", "Write the whole ledger into a new file."),
    "restore": ("cli.commands.backup:restore", "Fill an empty ledger from a backup."),
    "copy": ("cli.commands.backup:copy", "Copy a ledger from one store to another."),
}
"""By name: module and function of the command, and its line in `tally --help`."""


class LazyGroup(NamedGroup):
    """A group that imports a command only when it is called or its help is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which they are used."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of a name; return None if there is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return helped(command)

    def main(self, *arguments: Any, **more: Any) -> Any:
        """Run as any group does, in the user's language."""
        group = helped(self)
        if default_language() == "en":
            return super(LazyGroup, group).main(*arguments, **more)
        from cli.language.helping import click_in_chinese  # noqa: PLC0415

        with click_in_chinese():
            return super(LazyGroup, group).main(*arguments, **more)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        del ctx
        with formatter.section(render("Commands")):
            formatter.write_dl([(name, render(line)) for name, (_, line) in COMMANDS.items()])


EXAMPLE = """\b
Example:
  tally demo
  tally score --ledger sqlite:///tally-demo/tally.db --unit V001
  tally explain V001 2016Q2 --ledger sqlite:///tally-demo/tally.db
"""


@click.group(
    cls=LazyGroup, epilog=EXAMPLE, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option("--ledger", metavar="URL", help="The ledger, for every command (TALLY_LEDGER).")
@click.version_option(package_name="tally-ledger", message="tally %(version)s")
@click.pass_context
def tally(ctx: click.Context, ledger: str | None) -> None:
    """An event-sourced ledger of scoring events (信访工作考核).

    Reports, petition batches, responses and commendations are appended as immutable events;
    quarterly scores, annual totals and flags are replayed from them and explained to the
    clause and the entry.
    """
    ctx.obj = ledger


def main(arguments: list[str] | None = None) -> Any:
    """Run `tally`; print a refusal on standard error and exit with status 1."""
    # A command ends within seconds and makes few cycles; collecting them takes a third of its time.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower() != "utf-8":
            # A console of another encoding shows `?` for what it lacks instead of failing.
            stream.reconfigure(errors="replace")
    try:
        with bars():
            return tally.main(arguments, prog_name="tally", standalone_mode=True)
    except Exception as error:
        from ledger.errors import TallyError  # noqa: PLC0415 - only after a fault

        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EIO}:
            sys.exit(render("tally: the output cannot be written: {why}", why=error.strerror))
        if not isinstance(error, TallyError):
            raise
        from cli.output import remark  # noqa: PLC0415

        for sentence in error.sentences():
            for line in render(sentence).splitlines():
                remark(line)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
