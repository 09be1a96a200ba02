"""The embedded chain: anvil behind a proxy with a journal, so that a killed chain comes back."""
