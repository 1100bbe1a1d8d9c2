"""Write the bulletin of a period or a year as a Word document, from a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output.workbooks.saving import MissingLibraryError

if TYPE_CHECKING:
    from projections.measure import Measure


def template_of(measure: Measure, *, of_year: bool, ranked: bool) -> bytes:
    """Return the program's own template, see `cli.output.bulletin.layout.template`.

    Raises:
        MissingLibraryError: python-docx is not installed.
    """
    try:
        from cli.output.bulletin.layout import template  # noqa: PLC0415 - of the extra `office`
    except ImportError:
        raise MissingLibraryError("python-docx") from None
    return template(measure, of_year=of_year, ranked=ranked)
