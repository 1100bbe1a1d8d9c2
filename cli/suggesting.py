"""A group that suggests names of commands that it has not made yet."""

from __future__ import annotations

import click
from click.exceptions import NoSuchCommand


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
