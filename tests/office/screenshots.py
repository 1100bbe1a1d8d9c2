"""Make the pictures of papers in docs: `python -m tests.office.screenshots`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cli.running import ROOT, Tally, process
from tests.office.printing import picture, printed

_DAY = ("--through", "2016-12-05")
_XLSX = ("--format", "xlsx")
_PAPERS = (
    ("bulletin", ("bulletin", "2016Q2", "--through", "2016-06-10"), {"": 1, "-annex": -1}),
    ("result", ("bulletin", "2016", *_DAY), {"": 1, "-annex": -1}),
    ("slip", ("slip", "V017", "2016Q1", *_DAY), {"": 1}),
    ("slip-year", ("slip", "V017", "2016", *_DAY), {"": 1}),
    ("scores-book", ("score", "--year", "2016", *_DAY, *_XLSX), {"": 1, "-postings": 12}),
    ("explanation-book", ("explain", "V017", "2016", *_DAY, *_XLSX), {"": 3}),
)


def main() -> None:
    """Write the pictures of pages of the sample year's papers."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        assert process("demo", "town", folder=folder).status == 0
        tally = Tally(folder, folder / "town" / "tally.db")
        office = ("--name", "某镇信访工作领导小组办公室", "--copies-to", "镇党委、镇人大、镇政府")
        tally("office", "set", *office, "--objection-days", 5).ok()
        for paper, command, shown in _PAPERS:
            path = folder / f"{paper}.{'xlsx' if _XLSX[1] in command else 'docx'}"
            tally(*command, "-o", path).ok()
            pdf = printed(path)
            for suffix, page in shown.items():
                picture(pdf, page, ROOT / f"docs/screenshots/{paper}{suffix}.png")


if __name__ == "__main__":
    main()
