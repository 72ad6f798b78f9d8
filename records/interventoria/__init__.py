"""Supervision of the contract (5.2.31, 5.2.32): packages, receipts, requirements, what a month owes."""
