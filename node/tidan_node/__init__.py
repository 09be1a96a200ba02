"""The Tidan node: titles, invoices and policies of one member of a trade consortium."""

__version__ = "0.1.0"
