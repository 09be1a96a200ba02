"""Titles (e-B/L): issued, offered, accepted, surrendered; their documents and packages."""
