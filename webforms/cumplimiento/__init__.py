"""Compliance: search, review, chains."""
