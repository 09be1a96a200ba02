"""Intentions to change the chain, from the commit of the intent to the event that ends it."""
