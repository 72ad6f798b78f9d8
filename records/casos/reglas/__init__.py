"""Pure rules: states, terms, numbers, mentions."""
