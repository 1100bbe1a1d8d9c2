"""Fill the fields of a Word template: `{{标题}}`, also where Word split one over several runs."""

from __future__ import annotations

import re
import zlib
from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import BadZipFile

from cli.output.workbooks.saving import MissingLibraryError
from ledger.errors import TallyError
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_FIELD = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _ROW, _CELL, _TEXT = f"{_W}p", f"{_W}tr", f"{_W}tc", f"{_W}t"

STYLES = ("标题", "小标题", "段落")
"""Styles of blocks: heading, subheading, paragraph."""


class Block(NamedTuple):
    """A paragraph of a field of blocks, with one of `STYLES`."""

    style: str
    text: str


class Blocks(NamedTuple):
    """A field of blocks: `{{正文.标题}}` and so on are sample paragraphs, one for each style."""

    blocks: list[Block]


class Table(NamedTuple):
    """A field of rows: the row with `{{得分表.单位}}` is repeated for each."""

    columns: list[str]
    rows: list[dict[str, str]]
    """The texts of a row by column, also of those in `others`."""
    others: Sequence[str] = ()
    """Columns that a template may use although this paper does not show them by itself."""


Value = str | list[str] | Blocks | Table
"""Text; or texts, for each of which the field's paragraph is repeated; or what stands above."""


class TemplateError(TallyError):
    """A template cannot be filled."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            Message(
                "{name}: {why}. `tally template FILE.docx` writes one that you can start from.",
                name=name,
                why=why,
            )
        )


def fill(
    template: bytes,
    name: str,
    papers: Sequence[Mapping[str, Value]],
    required: Iterable[str] = (),
) -> bytes:
    """Return a document of one paper, or of several, each from a new page on.

    Args:
        template: a .docx with fields.
        name: its name, for messages.
        papers: the values of each paper by the name of their field; all have the same names.
        required: the fields that the template must have.

    Raises:
        TemplateError: it is not a Word document, has an unknown field, or lacks a required one.
        MissingLibraryError: python-docx is not installed.
    """
    document = _opened(template, name)
    body = document.element.body
    *own, section = body
    margins = [part.target_part.element for part in _margins_of(document)]
    _check([body, *margins], name, papers[0], list(required))
    _fill(margins, papers[0])
    for number, values in enumerate(papers):
        is_last = number == len(papers) - 1
        elements = own if is_last else [deepcopy(one) for one in own]
        for element in elements:
            section.addprevious(element)
        if number:
            _break_page_before(elements[0])
        _fill(elements, values)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _opened(template: bytes, name: str) -> Any:
    try:
        from docx import Document  # noqa: PLC0415 - of the extra `office`
    except ImportError:
        raise MissingLibraryError("python-docx") from None
    try:
        document = Document(BytesIO(template))
        if document.element.body is None or not len(document.element.body):
            raise KeyError("word/document.xml")
    except ValueError:
        # Its text names a buffer in memory, which helps nobody.
        raise TemplateError(name, Message("is not a Word document (.docx)")) from None
    except (BadZipFile, KeyError, SyntaxError, AttributeError, zlib.error) as error:
        # lxml raises SyntaxError for broken XML.
        why = error.args[0] if isinstance(error, KeyError) else error
        raise TemplateError(
            name, Message("is not a Word document (.docx): {why}", why=why)
        ) from None
    return document


def _margins_of(document: Any) -> Iterator[Any]:
    """Yield the relations to headers and footers."""
    from docx.opc.constants import RELATIONSHIP_TYPE as TYPE  # noqa: PLC0415 - see `_opened`

    kinds = {TYPE.HEADER, TYPE.FOOTER}
    yield from (one for one in document.part.rels.values() if one.reltype in kinds)


def _texts(paragraph: Any) -> list[Any]:
    """Return the texts of a paragraph's runs, without those of a text box within it."""
    return [
        one
        for one in paragraph.iter(_TEXT)
        if next(one.iterancestors(_PARAGRAPH), None) is paragraph
    ]


def _text(paragraph: Any) -> str:
    return "".join(one.text or "" for one in _texts(paragraph))


def _paragraphs(elements: Iterable[Any]) -> list[Any]:
    return [one for element in elements for one in element.iter(_PARAGRAPH)]


def _fields(paragraph: Any) -> list[str]:
    return _FIELD.findall(_text(paragraph))


def fields_of(template: bytes, name: str) -> set[str]:
    """Return the fields that a template uses; see `fill` for its arguments and errors."""
    document = _opened(template, name)
    margins = [part.target_part.element for part in _margins_of(document)]
    return {
        field
        for paragraph in _paragraphs([document.element.body, *margins])
        for field in _fields(paragraph)
    }


def _names(values: Mapping[str, Value]) -> list[str]:
    """Return the names that a template may use."""
    found = []
    for name, value in values.items():
        parts = [*value.columns, *value.others] if isinstance(value, Table) else STYLES
        dotted = isinstance(value, Table | Blocks)
        found += [f"{name}.{part}" for part in parts] if dotted else [name]
    return found


def _check(
    elements: Iterable[Any], name: str, values: Mapping[str, Value], required: list[str]
) -> None:
    """Refuse a template with an unknown field, a broken one, or without a required one.

    Raises:
        TemplateError: it is one of these.
    """
    known, used = _names(values), set[str]()
    for paragraph in _paragraphs(elements):
        text = _text(paragraph)
        fields = _FIELD.findall(text)
        used.update(fields)
        unknown = [one for one in fields if one not in known]
        if unknown:
            words = Message(
                "has the unknown field {field}; the fields are {known}",
                field=f"{{{{{unknown[0]}}}}}",
                known=Series(known),
            )
            raise TemplateError(name, words)
        rest = _FIELD.sub("", text)
        if "{{" in rest or "}}" in rest or "{%" in rest:
            words = Message(
                "has a broken field in {text!r}; write a field as {example}",
                text=text[:60],
                example="{{标题}}",
            )
            raise TemplateError(name, words)
    lacking = [f"{{{{{one}}}}}" for one in required if one not in used]
    if lacking:
        words = Message("lacks {fields}, which it must have", fields=Series(lacking))
        raise TemplateError(name, words)


def _fill(elements: Sequence[Any], values: Mapping[str, Value]) -> None:
    """Fill the fields of elements in place; repeat rows and paragraphs."""
    rows = [one for element in elements for one in element.iter(_ROW)]
    repeated = [(row, table) for row in rows if (table := _table_of(row, values)) is not None]
    within = {one for row, _ in repeated for one in row.iter(_PARAGRAPH)}
    # What was filled in is not looked through for fields: a unit's name may look like one.
    paragraphs = [one for one in _paragraphs(elements) if one not in within]
    for row, name in repeated:
        _repeat_row(row, name, values)
    samples: dict[str, dict[str, Any]] = {}
    for paragraph in paragraphs:
        found = _fields(paragraph)
        if not found:
            continue
        name, _, style = found[0].partition(".")
        value = values.get(name)
        if isinstance(value, Blocks):
            samples.setdefault(name, {})[style] = paragraph
        elif isinstance(value, list):
            _repeat(paragraph, [(paragraph, {**values, name: text}) for text in value])
        else:
            _replace(paragraph, values)
    for name, of_style in samples.items():
        value, anchor = values[name], next(iter(of_style.values()))
        assert isinstance(value, Blocks)
        filled = [
            (of_style.get(block.style, anchor), {f"{name}.{style}": block.text for style in STYLES})
            for block in value.blocks
        ]
        made = _repeat(anchor, filled)
        if made:  # the signature must not stand on a page without text (GB/T 9704, 7.3.5.5)
            made[-1].get_or_add_pPr().get_or_add_keepNext().val = True
        for sample in of_style.values():
            if sample is not anchor:
                sample.getparent().remove(sample)


def _repeat(anchor: Any, copies: list[tuple[Any, dict[str, Any]]]) -> list[Any]:
    """Put filled copies of paragraphs before one, and take that one out; return the copies."""
    made = []
    for sample, values in copies:
        copied = deepcopy(sample)
        anchor.addprevious(copied)
        _replace(copied, values)
        made.append(copied)
    parent = anchor.getparent()
    if parent.tag == _CELL and not copies:
        # A cell has one paragraph at least.
        _replace(anchor, dict.fromkeys(_fields(anchor), ""))
    else:
        parent.remove(anchor)
    return made


def _table_of(row: Any, values: Mapping[str, Value]) -> str | None:
    """Return the name of the field of rows that a table's row has; None if it has none."""
    fields = (one for paragraph in row.iter(_PARAGRAPH) for one in _fields(paragraph))
    names = (one.partition(".")[0] for one in fields)
    return next((one for one in names if isinstance(values.get(one), Table)), None)


def _repeat_row(row: Any, name: str, values: Mapping[str, Value]) -> None:
    """Repeat the row of a table for each row of a field."""
    table = values[name]
    assert isinstance(table, Table)
    for one in table.rows:
        copied = deepcopy(row)
        row.addprevious(copied)
        of_row = {f"{name}.{column}": text for column, text in one.items()}
        for paragraph in copied.iter(_PARAGRAPH):
            _replace(paragraph, {**values, **of_row})
    row.getparent().remove(row)


def _replace(paragraph: Any, values: Mapping[str, Any]) -> None:
    """Replace the fields of a paragraph; the text has the format of the field's first letter."""
    texts = _texts(paragraph)
    _replace_in(texts, lambda name: _NOT_IN_XML.sub("\ufffd", str(values[name])))


def _replace_in(texts: Sequence[Any], value: Callable[[str], str]) -> None:
    pieces = [one.text or "" for one in texts]
    starts = [sum(map(len, pieces[:number])) for number in range(len(pieces))]
    for match in reversed(list(_FIELD.finditer("".join(pieces)))):
        written = False
        for number, start in enumerate(starts):
            piece = pieces[number]
            first, last = match.start() - start, match.end() - start
            if last <= 0 or first >= len(texts[number].text or ""):
                continue
            new = "" if written else value(match[1])
            pieces[number] = piece[: max(first, 0)] + new + piece[max(last, 0) :]
            written = True
    for element, piece in zip(texts, pieces, strict=True):
        element.text = piece
        element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _break_page_before(element: Any) -> None:
    from docx.oxml import parse_xml  # noqa: PLC0415 - see `_opened`
    from docx.oxml.ns import nsdecls  # noqa: PLC0415

    if element.tag == _PARAGRAPH:
        element.get_or_add_pPr().get_or_add_pageBreakBefore()
    else:
        broken = parse_xml(f"<w:p {nsdecls('w')}><w:pPr><w:pageBreakBefore/></w:pPr></w:p>")
        element.addprevious(broken)
