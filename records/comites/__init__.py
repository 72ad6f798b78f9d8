"""Committees (5.2.30): sessions, votes, actions, plans."""
