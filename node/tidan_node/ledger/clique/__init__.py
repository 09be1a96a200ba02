"""A chain of several validators on this machine: go-ethereum, sealed by proof of authority."""
