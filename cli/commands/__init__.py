"""The commands of `tally`, each in a module of its name."""
