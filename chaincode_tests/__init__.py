"""What the contracts promise, run on an EVM."""
