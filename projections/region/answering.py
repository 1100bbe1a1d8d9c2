"""Answer a question about one town from its open store, by the same fold as every command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.region.answers.check import check
from projections.region.answers.edition import edition
from projections.region.answers.missing import missing
from projections.region.answers.moves import since, under_draft
from projections.region.answers.scores import scores
from projections.region.messages import (
    CheckQuestion,
    DiffQuestion,
    EditionQuestion,
    MissingQuestion,
    ReformQuestion,
    ScoreQuestion,
)

if TYPE_CHECKING:
    from ledger.stores import Store
    from projections.region.messages import Task, Value


def answer_to(task: Task, store: Store) -> Value:
    """Return the answer to the question of a task, from the open ledger of its town.

    Raises:
        TallyError: the ledger is damaged, or the question cannot be asked of it.
    """
    question, position = task.question, task.position
    match question:
        case EditionQuestion():
            return edition(question, store, position)
        case ScoreQuestion():
            return scores(question, store, position)
        case ReformQuestion():
            return under_draft(question, store, position)
        case MissingQuestion():
            return missing(question, store, position)
        case DiffQuestion():
            return since(question, store, position, task.since)
        case CheckQuestion():
            return check(store)
        case _:
            raise AssertionError("nothing is read for no question")
