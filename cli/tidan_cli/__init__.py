"""The command line of Tidan: talks HTTP to a node, and to the chain where it must not trust one."""
