"""The sample: a made-up town's entries of one assessment year."""

from cli.sample.year import filed_year, sample_year

__all__ = ["filed_year", "sample_year"]
