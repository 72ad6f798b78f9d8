"""Pure rules: which systems, what each answers."""
