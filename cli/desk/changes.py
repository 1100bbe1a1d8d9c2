"""What an act would change once verified, as the desk's pages show it (`desk/changes.html`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.output.changes import field_changes
from cli.pages.formatting import true_minus

if TYPE_CHECKING:
    from cli.desk.work import Desk
    from projections.preview import Preview

_MOST_UNITS: Final = 100


def change_table(desk: Desk, changed: Preview) -> dict[str, Any]:
    """Return the changes by year and unit in words, and the years that cannot be scored.

    Args:
        desk: of the page.
        changed: what would change.
    """
    translate = desk.translate
    years = []
    for year, units in sorted(changed.units.items()):
        rows = []
        for change in units[:_MOST_UNITS]:
            words = change.words

            def worded(name: str, words: Any = words) -> str:
                known = words.get(name)
                return translate.term(name) if known is None else translate(known)

            fields = [
                (name, true_minus(before), true_minus(after))
                for name, before, after in field_changes(change, worded)
            ]
            rows.append((change.unit, change.name, desk.links.unit(change.unit), fields))
        years.append((year, rows, len(units) - len(rows)))
    failed = [(year, translate(why)) for year, why in sorted(changed.failed.items())]
    return {"years": years, "failed": failed}
