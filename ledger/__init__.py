"""What happened: entries, the events that record them, and the stores that keep them."""
