"""Groups of commands: they suggest names, and show helps in the user's language."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

import click
from click.exceptions import NoSuchCommand

from cli.language import helped

if TYPE_CHECKING:
    from collections.abc import Mapping


class NamedGroup(click.Group):
    """A group that makes commands on demand and suggests names for a misspelt one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name.

        Raises:
            NoSuchCommand: there is none; the message suggests similar names.
        """
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            names = self.list_commands(ctx)
            raise NoSuchCommand(error.command_name, possibilities=names, ctx=ctx) from None


class HelpedGroup(NamedGroup):
    """A group whose commands are shown in the user's language."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name; None if there is none."""
        found = super().get_command(ctx, cmd_name)
        return None if found is None else helped(found)


class LazyGroup(NamedGroup):
    """A group that imports a command only when it is called or its help is shown."""

    places: ClassVar[Mapping[str, str]] = {}
    """By name, in the order in which they are used: module and function of each command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands."""
        del ctx
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of a name; return None if there is none."""
        del ctx
        if cmd_name not in self.places:
            return None
        module, _, attribute = self.places[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return helped(command)
