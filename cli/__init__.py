"""The command line: query the projections, print the results, decide nothing."""
