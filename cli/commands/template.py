"""`template`: the workbook to fill in, or the bulletin's Word template to change."""

from __future__ import annotations

from pathlib import Path

import click

from cli.options import OptionError, ledger_option
from ledger.saying import Said


@click.command(
    epilog="\b\nExample:\n  tally template entries.xlsx\n  tally template bulletin.docx",
)
@click.argument("file", type=click.Path(path_type=Path))
@ledger_option
def template(file: Path, url: str) -> None:
    """Write a workbook to fill in (FILE.xlsx), or the bulletin's template to change (FILE.docx).

    The workbook has a sheet for each kind of entry, and offers the units of the ledger where
    there is one. A file that is there already is not touched.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from cli.output.workbooks.saving import save  # noqa: PLC0415

    if file.exists():
        raise OptionError("FILE", Said("{file} exists already; name a new one", file=file))
    suffix = file.suffix.lower()
    if suffix == ".docx":
        from cli.output.bulletin import packaged_template  # noqa: PLC0415

        save(file, packaged_template())
    elif suffix == ".xlsx":
        from cli.output.workbooks.template import template_workbook  # noqa: PLC0415

        save(file, template_workbook(_units(url)))
    else:
        raise OptionError("FILE", Said("{file} must end in .xlsx or .docx", file=file))
    remark("{file} written", file=file)


def _units(url: str) -> list[tuple[str, str]]:
    """Ids and names of the units of a ledger; none where there is no ledger."""
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.entries import Unit  # noqa: PLC0415
    from ledger.errors import NotALedgerError  # noqa: PLC0415

    try:
        with session(url) as opened:
            lives = opened.register().lives.values()
            return sorted(
                (life.entry.id, life.entry.name)
                for life in lives
                if isinstance(life.entry, Unit) and life.reversed is None
            )
    except NotALedgerError:
        return []
