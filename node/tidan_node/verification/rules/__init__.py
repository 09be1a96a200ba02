"""The rules of a trade: each a small function from the facts to a verdict with its evidence."""
