"""Pure rules: the index of a file."""
