"""The answers to questions about one town, each from its open store."""
