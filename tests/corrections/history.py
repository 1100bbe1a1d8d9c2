"""What a ledger showed at each position, and checks that this never changes."""

from __future__ import annotations

from datetime import date

from ledger.state import LedgerState
from projections.measure import built_in
from projections.presentation import scores_json
from projections.publication import published_beside
from projections.scores import score_year
from tests.corrections.model import comparable

YEAR = 2016
VIEWS = [("2016-11-30", False), ("2016-06-20", False), ("2016-12-31", True)]
"""(through, provisional) of the scores that are kept for each position."""


def scores_of(state, views=VIEWS):
    """Return the JSON of `score` of a state in each view."""
    found = []
    for through, provisional in views:
        day = date.fromisoformat(through)
        scores = score_year(state, built_in(), YEAR, day, provisional=provisional)
        beside = published_beside(scores, state)
        shown = scores_json(scores, measure={}, provisional=provisional, beside=beside)
        found.append(shown)
    return found


class History:
    """The scores as of each position, as they were when it was the last one.

    Attributes:
        thorough: whether each check looks at every earlier position, not at some.
        scores: by position, the JSON of `score` in each of the views.
        editions: by quarter, the figures of each edition of its bulletin.
    """

    def __init__(self, office, ledgers, model, *, thorough):
        """Start before the first event.

        Args:
            office: runs commands on the ledger.
            ledgers: two services on the ledger, as two processes would have.
            model: the events that the ledger must hold.
            thorough: see above.
        """
        self.office, self.ledgers, self.model, self.thorough = office, ledgers, model, thorough
        self.scores = {}
        self.editions = {}

    def check(self, numbers):
        """Check the ledger after a step; three numbers choose the earlier positions.

        A step that appended nothing leaves nothing to check but the position.
        """
        head = self.model.position
        states = [ledger.state() for ledger in self.ledgers]
        assert [state.position for state in states] == [head, head]
        fresh = range(max(self.scores, default=head - 1) + 1, head + 1)
        if not fresh:
            return
        for position in fresh:
            self.check_new(position)
        self.check_today(states[1])
        known = sorted(self.scores)
        chosen = sorted(known[number % len(known)] for number in numbers[:3])
        for position in set(chosen).difference(fresh):
            assert scores_of(self.ledgers[0].state_at(position)) == self.scores[position], position
        if self.thorough:
            self.check_all_earlier()
        first, second, _ = chosen
        for last in {second, head}:
            self.check_diff(first, last)

    def check_new(self, position):
        """Keep the scores as of a position, and check that they are the model's."""
        self.scores[position] = scores_of(self.ledgers[0].state_at(position))
        for (through, provisional), shown in zip(VIEWS, self.scores[position], strict=True):
            if provisional and self.model.is_within_reversal(position):
                continue
            expected = self.model.scores(YEAR, through, position, provisional=provisional)
            found = comparable(shown["units"])
            assert found == expected, (position, through, provisional)
            assert list(found) == list(expected)

    def check_today(self, state):
        """Check that the up-to-date state has the scores of a replay, and all editions."""
        assert scores_of(state, VIEWS[:1]) == self.scores[state.position][:1]
        editions = {
            quarter: [list(edition.event.figures) for edition in found]
            for quarter, found in state.editions.items()
        }
        assert editions == self.editions

    def check_all_earlier(self):
        """Check the scores as of every earlier position, in one pass over the events."""
        state = LedgerState()
        for row in self.ledgers[1].store.rows():
            state.fold([row])
            position = state.position
            if position in self.scores:
                assert scores_of(state, VIEWS[:1]) == self.scores[position][:1], position

    def check_diff(self, first, last):
        """Check that `diff` names exactly the units and fields that differ, and causes.

        Only a changed rank may be without a cause: it is because of another unit.
        """
        words = ["--from", first, "--to", last, "--year", YEAR, "--through", VIEWS[0][0]]
        diff = self.office("diff", *words, "--json").ok().json
        assert (diff["from"], diff["to"]) == (first, last)
        before, after = (
            {
                self.model.root(unit): fields
                for unit, fields in comparable(self.scores[position][0]["units"]).items()
            }
            for position in (first, last)
        )
        expected = {}
        for root in before | after:
            was, now = before.get(root, {}), after.get(root, {})
            fields = {name for name in was | now if was.get(name) != now.get(name)}
            if fields:
                expected[(now or was)["unit"]] = fields
        found = {unit["unit"]: set(unit["before"]) | set(unit["after"]) for unit in diff["units"]}
        assert found == expected
        happened = {
            about["id"] if isinstance(about, dict) else about
            for _, about in self.model.log[first:last]
        }
        for unit in diff["units"]:
            assert set(unit["entries"]) <= happened
            assert unit["entries"] or found[unit["unit"]] == {"rank"}, unit
