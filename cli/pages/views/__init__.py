"""The values that each page shows, computed from projections; templates only render them."""
