"""What each page says, made of projections; the templates only set it."""
