"""A group whose commands are not made until they are called, and which knows their names."""

from __future__ import annotations

import click
from click.exceptions import NoSuchCommand


class NamedGroup(click.Group):
    """Suggests the name that was meant, as click does for commands that are there already."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's.

        Raises:
            NoSuchCommand: there is none of that name.
        """
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            names = self.list_commands(ctx)
            raise NoSuchCommand(error.command_name, possibilities=names, ctx=ctx) from None
