"""Pure rules: forms on paper."""
