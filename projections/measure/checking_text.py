"""Compare a draft with the text as issued: quotes, and its sentences from first to last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.message import Message, Series
from projections.measure.draft import Problem
from projections.measure.files import LAW, MEASURE, SENTENCES, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.measure.draft import Draft
    from projections.measure.head import Scale, Section
    from projections.measure.model import Amount

_SHOWN = 20
"""Characters of the text that a message shows."""


def bare(text: str) -> str:
    """Return a text without white space, which depends on the layout of a page."""
    return "".join(text.split())


def text_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what is missing between the files and the text, or contradicts it."""
    text = bare(draft.content[TEXT]) if TEXT in draft.content else None
    folder = draft.folder
    for clause in folder.clause:
        file = folder.file_of[clause.slug]
        for number, amount in enumerate(clause.amount):
            for words in _quote(amount, text):
                yield Problem(file, f"{clause.slug}.amount[{number}].quote", words)
    quoted: list[tuple[str, int, Section | Scale]] = [
        *(("section", number, one) for number, one in enumerate(folder.section) if _states(one)),
        *(("scale", number, one) for number, one in enumerate(folder.scale)),
    ]
    for key, number, one in quoted:
        for words in _quote(one, text):
            yield Problem(MEASURE, f"{key}[{number}].quote", words)
    yield from _sentences(draft, text)
    for number, note in enumerate(folder.law):
        for slug in note.clause:
            if slug not in draft.slugs:
                yield Problem(LAW, f"note[{number}].clause", _unknown(draft, slug))


def _states(section: Section) -> bool:
    """Return whether a section states an amount, or quotes the text."""
    if section.quote:
        return True
    bounded = section.floor is not None or section.cap is not None or section.points is not None
    return bounded or bool(section.opening) or section.weight != 1


def _quote(one: Amount | Section | Scale, text: str | None) -> Iterator[Message]:
    quote = bare(one.quote or "")
    if text is None:
        if not quote and not bare(one.paraphrase or ""):
            yield Message("is missing; quote the words that state it, or give a paraphrase")
    elif not quote:
        yield Message("is missing; quote the words of text.txt that state it")
    elif quote not in text:
        yield Message("“{quote}” is not in text.txt", quote=one.quote)


def _sentences(draft: Draft, text: str | None) -> Iterator[Problem]:
    for number, sentence in enumerate(draft.folder.sentence):
        place = f"sentence[{number}]"
        given = [sentence.clause, sentence.by, sentence.reason]
        if not any(one and (isinstance(one, list) or one.strip()) for one in given):
            words = Message("nothing accounts for it; give clause, by or reason")
            yield Problem(SENTENCES, place, words)
        for slug in sentence.clause:
            if slug not in draft.slugs:
                yield Problem(SENTENCES, f"{place}.clause", _unknown(draft, slug))
    if text is None:
        return
    if SENTENCES not in draft.content:
        words = Message("is missing; where text.txt is, it must account for every sentence")
        yield Problem(SENTENCES, None, words)
        return
    done = 0
    for number, sentence in enumerate(draft.folder.sentence):
        said = bare(sentence.text)
        if not said or not text.startswith(said, done):
            words = Message(
                "“{said}” does not follow here; the text goes on with “{text}”",
                said=said[:_SHOWN],
                text=text[done : done + _SHOWN],
            )
            yield Problem(SENTENCES, f"sentence[{number}].text", words)
            return
        done += len(said)
    if done < len(text):
        words = Message("the text goes on with “{text}”", text=text[done : done + _SHOWN])
        yield Problem(SENTENCES, None, words)


def _unknown(draft: Draft, slug: str) -> Message:
    return Message(
        "there is no clause {slug!r}; there are {known}",
        slug=slug,
        known=Series(sorted(draft.slugs)),
    )
