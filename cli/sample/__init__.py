"""The sample: a made-up town's entries of one assessment year."""

from cli.sample.year import sample_year

__all__ = ["sample_year"]
