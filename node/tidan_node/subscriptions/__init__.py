"""Watching: the chain's events as a stream, and as webhooks that are delivered for certain."""
