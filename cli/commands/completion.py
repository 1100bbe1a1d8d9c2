"""`completion`: print the script by which a shell completes commands and what they name."""

from __future__ import annotations

import click

from cli.output.lines import print_note


@click.command(
    epilog="\b\nExample:\n"
    "  tally completion bash > ~/.local/share/bash-completion/completions/tally\n"
    "  tally completion zsh > ~/.zfunc/_tally\n"
    "  tally completion fish > ~/.config/fish/completions/tally.fish"
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script by which a SHELL completes the words of tally (Tab).

    It completes commands, options and their values, and from the ledger that --ledger or
    TALLY_LEDGER names: units by id or name, ids of entries, kinds, periods, years and names of
    those who acted. Nothing is written. docs/keeping.md says where the script belongs.
    """
    from cli.main import tally  # noqa: PLC0415 - it imports this module
    from cli.shells import script  # noqa: PLC0415 - not for --help

    print_note(script(shell, tally))
