"""Cargo policies: issued by insurers, read by everybody, their documents by who holds them."""
