"""The story that `tidan demo` tells: one chain, a few nodes, and a title that goes all the way."""
