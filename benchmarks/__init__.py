"""The figures of DESIGN §9, measured."""
