"""Who is who: the parties of the consortium, and whom this node and its caller speak for."""
