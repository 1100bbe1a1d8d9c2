"""Write the papers that an office sends, as Word documents made from templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output.workbooks.saving import MissingLibraryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.output.documents.table import Column
    from projections.measure import Measure


def bulletin_template_of(
    measure: Measure, columns: Sequence[Column], mark: str, *, of_year: bool
) -> bytes:
    """Return the program's own template, see `cli.output.documents.layout`.

    Raises:
        MissingLibraryError: python-docx is not installed.
    """
    try:
        from cli.output.documents.layout import bulletin_template  # noqa: PLC0415 - of `office`
    except ImportError:
        raise MissingLibraryError("python-docx") from None
    return bulletin_template(measure, columns, mark, of_year=of_year)
