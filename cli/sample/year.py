"""The whole sample year, in the order in which the office files it."""

from random import Random

from cli.sample.corrections import corrections
from cli.sample.days import YEAR, Entry, Filed
from cli.sample.information import information_reports
from cli.sample.inspection import inspection_findings
from cli.sample.names import units
from cli.sample.occasions import notices, rulings, special_periods
from cli.sample.petitions import batches, plan_visits
from cli.sample.recognition import commendations, criticisms, research_sites, yellow_cards
from cli.sample.reports import case_reports, screening_reports
from cli.sample.responses import responses
from cli.sample.supervision import supervised_cases
from cli.sample.town import make_town


def sample_year(seed: int = YEAR) -> list[Entry]:
    """Return some 5,000 entries of all kinds, each after those it refers to."""
    return [entry for _, entry in filed_year(seed)]


def filed_year(seed: int = YEAR) -> list[Filed]:
    """Return the entries of the sample year, each with the day on which the office files it.

    The same seed returns the same entries on every Python from 3.11 on.
    """
    rng = Random(seed)
    town = make_town(rng)
    notice_entries, issued = notices(rng, town)
    visits = plan_visits(rng, town)
    filed: list[Filed] = [
        *units(),
        *rulings(),
        *special_periods(),
        *notice_entries,
        *screening_reports(rng, town, issued),
        *case_reports(rng, town),
        *information_reports(rng, town, visits),
        *batches(visits),
        *responses(rng, visits),
        *commendations(rng, town),
        *research_sites(rng, town),
        *criticisms(rng, town),
        *yellow_cards(rng, town),
        *supervised_cases(rng, town),
        *inspection_findings(rng, town),
    ]
    filed += corrections(rng, town, filed)
    # A stable sort keeps the order above within a day. Units come first: the first periods are
    # announced before the year begins.
    return sorted(filed, key=lambda each: (each[1]["kind"] != "unit", each[0]))
