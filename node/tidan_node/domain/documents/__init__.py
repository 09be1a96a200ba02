"""Documents that are recorded: how each is read, checked, and turned into fields."""
