"""The rules of titles, documents and parties: plain Python, no I/O."""
