"""What a node says, held against the chain; and the trail of what was asked of it."""
