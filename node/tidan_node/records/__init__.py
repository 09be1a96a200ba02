"""What is on the chain, as rows that every feature reads: parties, titles, invoices, policies.

All of it is projected from events: it can be dropped, and a replay brings the same rows back.
"""
