"""Pages to look at: read only, the same templates for `tally serve` and `tally site`."""
