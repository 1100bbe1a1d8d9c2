"""The command line: asks the projections, prints what they answer, decides nothing."""
