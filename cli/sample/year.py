"""The whole sample year, put together in the order in which the office files it."""

from random import Random

from cli.sample.corrections import corrections
from cli.sample.days import YEAR, Entry, Filed
from cli.sample.information import information_reports
from cli.sample.inspection import inspection_findings
from cli.sample.names import units
from cli.sample.occasions import notices, rulings, special_periods
from cli.sample.petitions import batches, visits
from cli.sample.recognition import commendations, criticisms, research_sites, yellow_cards
from cli.sample.reports import case_reports, screening_reports
from cli.sample.responses import responses
from cli.sample.supervision import supervised_cases
from cli.sample.town import found


def sample_year(seed: int = YEAR) -> list[Entry]:
    """About 5,000 entries of all kinds, JSON-ready; what an entry refers to stands before it.

    The same seed gives the same entries under every Python from 3.11 on.
    """
    rng = Random(seed)
    town = found(rng)
    asked, open_notices = notices(rng, town)
    placed = visits(rng, town)
    filed: list[Filed] = [
        *units(),
        *rulings(),
        *special_periods(),
        *asked,
        *screening_reports(rng, town, open_notices),
        *case_reports(rng, town),
        *information_reports(rng, town, placed),
        *batches(placed),
        *responses(rng, placed),
        *commendations(rng, town),
        *research_sites(rng, town),
        *criticisms(rng, town),
        *yellow_cards(rng, town),
        *supervised_cases(rng, town),
        *inspection_findings(rng, town),
    ]
    filed += corrections(rng, town, filed)
    # Stable: of one day, the order above; units come first although periods are announced early.
    in_order = sorted(filed, key=lambda each: (each[1]["kind"] != "unit", each[0]))
    return [entry for _, entry in in_order]
