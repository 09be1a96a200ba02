"""Finding: what this node holds, by the numbers that people have of it."""
