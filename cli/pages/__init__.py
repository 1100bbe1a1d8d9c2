"""Read-only HTML pages, made from the same templates for `tally serve` and `tally site`."""
