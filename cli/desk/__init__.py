"""The desk: the pages of `tally serve`, and the work of accounts that are signed in."""
