"""Completion in bash, zsh and fish: the script of a shell, and the answer to its question."""

from __future__ import annotations

import logging
import os
import re
import sys
from contextlib import redirect_stderr, suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from click.shell_completion import (
    BashComplete,
    FishComplete,
    ShellComplete,
    ZshComplete,
    split_arg_string,
)

from cli.language import default_language

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

VARIABLE = "_TALLY_COMPLETE"
"""The environment variable by which a script asks: `bash_complete`."""

_PATIENCE = 3
"""Seconds after which nothing is completed, as with a server that does not answer."""

_BASH = """\
%(complete_func)s() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            dir,*) compopt -o plusdirs ;;
            file,*) compopt -o default ;;
            plain,*) COMPREPLY+=("${line#plain,}") ;;
        esac
    done < <(COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_BREAKS="$COMP_WORDBREAKS" \\
        %(complete_var)s=bash_complete "$1")
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_PLAIN = re.compile(r"[^\w./:=@%+,#〔〕（）·-]")
"""What bash would not take as it is."""


class _Bash(BashComplete):
    """Completion of words with colons, equals signs and blanks, which bash itself takes apart."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the whole words before the one at the cursor, and that one."""
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)
        self._last = "" if line[-1:].isspace() else words.pop()
        return words[1:], self._last

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return type and value, without what bash keeps before its last delimiter."""
        breaks = set(os.environ["COMP_BREAKS"]) & set(":=")
        kept = max(self._last.rfind(one) for one in breaks) + 1 if breaks else 0
        begun = self._last[:kept]
        # Of `--unit=V0` the value alone is completed.
        value = item.value.removeprefix(begun.partition("=")[2] if begun[:1] == "-" else begun)
        escaped = _PLAIN.sub(r"\\\g<0>", value)
        return f"{item.type},{escaped}"


SHELLS: dict[str, type[ShellComplete]] = {
    "bash": _Bash,
    "zsh": ZshComplete,
    "fish": FishComplete,
}


def script(shell: str, group: click.Command) -> str:
    """Return the script by which a shell completes the words of `tally`."""
    return SHELLS[shell](group, {}, "tally", VARIABLE).source()


def answer(group: click.Command) -> None:
    """Print the completions that a script asked for, and end the process.

    Nothing else is printed, whatever fails: the user is in the middle of a command line.
    """
    found = list[str]()

    def complete() -> None:
        with suppress(Exception):
            found.append(_completions(group))

    logging.disable()
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stderr(nowhere):  # noqa: PTH123
        thread = Thread(target=complete, daemon=True)
        thread.start()
        thread.join(_PATIENCE)
    with suppress(OSError, AttributeError):
        sys.stdout.buffer.write("".join(found).encode(errors="surrogateescape"))
        sys.stdout.buffer.flush()
    # Without waiting for a server that does not answer.
    os._exit(0)


def _completions(group: click.Command) -> str:
    shell, _, asked = os.environ[VARIABLE].partition("_")
    completing = SHELLS[shell](group, {}, "tally", VARIABLE)
    if asked == "source":
        return completing.source()
    if default_language() == "en":
        return completing.complete() + "\n"
    from cli.language.helping import click_in_chinese  # noqa: PLC0415 - only for Chinese

    with click_in_chinese():
        return completing.complete() + "\n"
