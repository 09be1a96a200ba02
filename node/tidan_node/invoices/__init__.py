"""Invoices: registered by their sellers, read by everybody, their documents by who holds them."""
