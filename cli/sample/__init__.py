"""A made-up town through one assessment year, to show and to try the ledger on."""

from cli.sample.year import sample_year

__all__ = ["sample_year"]
