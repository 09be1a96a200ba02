"""Commitments to the fields of documents, proofs about them, and numbers: usable on its own."""
