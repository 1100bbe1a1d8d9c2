"""The topics under which events are stored, and the versions of their classes."""

from ledger import codec

# Stored ledgers contain these topics: one may be added, none renamed or removed.
TOPICS = {
    "tally.UnitRecorded": 1,
    "tally.SpecialPeriodRecorded": 1,
    "tally.NoticeRecorded": 1,
    "tally.RulingRecorded": 1,
    "tally.ScreeningReportRecorded": 1,
    "tally.CaseReportRecorded": 1,
    "tally.InformationReportRecorded": 1,
    "tally.PetitionBatchRecorded": 1,
    "tally.OnSiteResponseRecorded": 1,
    "tally.CommendationRecorded": 1,
    "tally.ResearchSiteRecorded": 1,
    "tally.SupervisedCaseRecorded": 1,
    "tally.CaseResolutionRecorded": 1,
    "tally.CriticismRecorded": 1,
    "tally.YellowCardRecorded": 1,
    "tally.InspectionFindingRecorded": 1,
    "tally.CarriedQuarterRecorded": 1,
    "tally.ReversalRecorded": 1,
    "tally.MeasureEntryRecorded": 1,
    "tally.EntryVerified": 1,
    "tally.EntryReversed": 1,
    "tally.EntryReturned": 1,
    "tally.FiguresPublished": 2,
    "tally.EditionVerified": 1,
    "tally.EditionWithdrawn": 1,
    "tally.ObjectionRaised": 1,
    "tally.ObjectionDecided": 1,
    "tally.MeasureAdopted": 1,
    "tally.AdoptionWithdrawn": 1,
    "tally.RowSetAside": 1,
    "tally.EarlierCopyAccepted": 1,
    "tally.AccountOpened": 1,
    "tally.AccountClosed": 1,
    "tally.AccountKeyReset": 1,
    "tally.AppendSigned": 1,
}
"""Each topic with its class version."""


def test_topics_and_class_versions_are_stable():
    assert {topic: codec.class_version(topic) for topic in codec.TYPES} == TOPICS
