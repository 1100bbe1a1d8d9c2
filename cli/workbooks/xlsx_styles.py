"""Read how an .xlsx shows its cells: number formats, struck-out text, conditional formats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from cli.workbooks.number_formats import BUILT_IN, GENERAL
from cli.workbooks.tables import DISPUTED, FileError, column_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.workbooks.tables import Cell

_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""Namespaces of workbooks, as Excel usually writes them and of the “strict” ones."""

MAIN_ROOT = (
    r"""[^<]*(?:<\?xml[^>]*>)?\s*<{root}\s[^>]*?xmlns="(?:"""
    + "|".join(map(re.escape, _MAIN))
    + r""")"[^>]*>"""
)
"""Pattern of the beginning of a part in the main namespace, to format with its root."""

_USUAL_STRINGS = re.compile(
    MAIN_ROOT.format(root="sst").encode()
    + rb"""(?:<si><t(?: xml:space="preserve")?>[^<]*</t></si>\s*)*</sst>\s*"""
)
_TEXT = frozenset({"t", "r", "rPh", "phoneticPr"})
_OFF = frozenset({"0", "false", "off"})
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")


class Styles(NamedTuple):
    """The styles of a workbook, by the numbers that cells and rules have."""

    formats: tuple[str, ...] = (GENERAL,)
    """The number format of each style."""
    marked: frozenset[int] = frozenset()
    """Styles of struck-out, raised or lowered text."""
    conditional: frozenset[int] = frozenset()
    """Conditional formats that show a cell otherwise: by a number format, or struck out."""


def local_name(tag: str) -> str:
    """Return a tag without its namespace, which a “strict” workbook has another of."""
    return tag.rpartition("}")[2]


def check_main(*elements: ET.Element, names: frozenset[str] | None = None) -> None:
    """Refuse elements of a foreign namespace, or with other names than given."""
    for element in elements:
        namespace, _, name = element.tag.rpartition("}")
        if namespace[1:] not in _MAIN or (names is not None and name not in names):
            raise FileError(DISPUTED)


def read_styles(root: ET.Element) -> Styles:
    """Return the styles of a workbook, from the root of its part."""
    groups = {local_name(group.tag): group for group in root}
    if len(groups) < len(root):
        raise FileError(DISPUTED)
    own = {one.get("numFmtId"): one.get("formatCode", GENERAL) for one in groups.get("numFmts", ())}
    fonts = [_is_marked(font) for font in groups.get("fonts", ())]
    cells = [*groups.get("cellXfs", ())]
    numbers = [xf.get("numFmtId", "0") for xf in cells]
    formats = (own.get(number) or BUILT_IN.get(int(number), GENERAL) for number in numbers)
    marked = (at for at, xf in enumerate(cells) if fonts and fonts[int(xf.get("fontId", "0"))])
    rules = (at for at, dxf in enumerate(groups.get("dxfs", ())) if _shows_otherwise(dxf))
    return Styles(tuple(formats) or (GENERAL,), frozenset(marked), frozenset(rules))


def _is_marked(font: ET.Element) -> bool:
    """Return whether the properties of a font strike out, raise or lower its text."""
    return any(
        (local_name(one.tag) == "strike" and one.get("val") not in _OFF)
        or (local_name(one.tag) == "vertAlign" and one.get("val") != "baseline")
        for one in font
    )


def _shows_otherwise(rule: ET.Element) -> bool:
    return any(
        (local_name(one.tag) == "numFmt" and one.get("formatCode") != GENERAL)
        or (local_name(one.tag) == "font" and _is_marked(one))
        for one in rule
    )


def has_marked_runs(text: ET.Element) -> bool:
    """Return whether a part of a text (`si`, `is`) is struck out, raised or lowered.

    Raises:
        FileError: readers differ about what the text is.
    """
    check_main(*text, names=_TEXT)
    check_main(*text.iter())
    kinds = [local_name(one.tag) for one in text]
    if kinds.count("t") > 1 or ("t" in kinds and "r" in kinds):
        raise FileError(DISPUTED)
    return any(local_name(one.tag) == "rPr" and _is_marked(one) for one in text.iter())


def marked_texts(xml: bytes) -> frozenset[int]:
    """Return the numbers of the shared texts that are struck out, raised or lowered in part.

    Raises:
        ET.ParseError: it is not XML.
        FileError: readers differ about the texts.
    """
    if _USUAL_STRINGS.fullmatch(xml):
        return frozenset()
    check_markup(xml)
    root = ET.fromstring(xml)  # noqa: S314 - expat limits entities
    texts = [one for one in root if local_name(one.tag) != "extLst"]
    check_main(root, *texts, names=frozenset({"sst", "si"}))
    return frozenset(number for number, one in enumerate(texts) if has_marked_runs(one))


_DECLARATION = 3
"""Where the XML declaration begins, at most: after a byte order mark."""


def check_markup(xml: bytes) -> None:
    """Refuse comments, CDATA and instructions: readers disagree about them within a cell."""
    if b"<!" in xml or xml.rfind(b"<?") > _DECLARATION:
        raise FileError(DISPUTED)


def conditional_ranges(xml: bytes, styles: Styles) -> Iterator[tuple[Cell, Cell]]:
    """Yield the ranges of a sheet that a conditional format shows otherwise."""
    if b"onditionalFormatting" not in xml or not (styles.conditional or b"dxf>" in xml):
        return
    for area in ET.fromstring(xml).iter():  # noqa: S314 - expat limits entities
        if local_name(area.tag) != "conditionalFormatting":
            continue
        rules = [one for one in area if local_name(one.tag) == "cfRule"]
        if any(
            int(rule.get("dxfId", "-1")) in styles.conditional or any(map(_shows_otherwise, rule))
            for rule in rules
        ):
            # Rules of later versions of Excel have their range in an element.
            inner = "".join(one.text or "" for one in area if local_name(one.tag) == "sqref")
            yield from ranges_of(area.get("sqref") or inner)


def ranges_of(text: str) -> Iterator[tuple[Cell, Cell]]:
    """Yield the first and last cell of each range: `A1:B2 C3`."""
    for left, top, right, bottom in _RANGE.findall(text):
        yield (
            (int(top) - 1, column_index(left)),
            (int(bottom or top) - 1, column_index(right or left)),
        )
