"""The check of a trade: facts read from its papers and the chain, and rules that weigh them."""
