"""Make the Word template of a measure's bulletins, after GB/T 9704-2012.

The office changes its own copy in Word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output.documents.annex import add_annex
from cli.output.documents.frame import CENTRE, add_head, add_signature, finished, new_document
from cli.output.documents.paragraphs import HEITI, KAITI, TITLE, TITLE_FONT, paragraph
from cli.output.documents.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.output.documents.table import Column
    from projections.measure import Measure


def bulletin_template(
    measure: Measure, columns: Sequence[Column], mark: str, *, of_year: bool
) -> bytes:
    """Return the template of the bulletins of a measure's periods, or of its years.

    Args:
        measure: the measure; it gives the words.
        columns: of the table of scores.
        mark: the office's mark, to whose length its type is fitted.
        of_year: whether the bulletin is of a year and not of a period.
    """
    terms = terms_of(measure, of_year=of_year)
    document = new_document(f"{terms.of_noun}通报")
    add_head(document, mark)
    title = "{{标题}}"
    paragraph(document, title, font=TITLE_FONT, size=TITLE, align=CENTRE, indent=False, line=36)
    paragraph(document, "", indent=False)
    paragraph(document, "{{主送机关}}：", indent=False)
    paragraph(document, "{{版次说明}}")
    paragraph(
        document,
        "根据{{制定机关}}《{{办法}}》{{办法文号}}，现将{{考核期}}（{{起始日}}至{{截止日}}）"
        f"{{{{工作}}}}考核{'结果' if of_year else '情况'}通报如下。"
        "考核数据以核定的为准，统计截至{{统计日}}。",
    )
    paragraph(document, "{{正文.标题}}", font=HEITI).paragraph_format.keep_with_next = True
    paragraph(document, "{{正文.小标题}}", font=KAITI).paragraph_format.keep_with_next = True
    paragraph(document, "{{正文.段落}}")
    add_signature(document, f"{{{{考核期}}}}{{{{工作}}}}考核{terms.score}表")
    add_annex(document, columns, terms)
    return finished(document)
