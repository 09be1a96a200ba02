"""What papers say: a reader for each kind, from bytes to values that know where they stand."""
