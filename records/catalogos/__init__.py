"""Lists that an administrator edits, and what they begin with."""
