"""Packages: what a record's parties need beside the chain, made, checked, and handed on."""
