"""The case: its page, its path, where it stands."""
