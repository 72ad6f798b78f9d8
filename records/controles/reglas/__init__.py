"""Pure rules: what each control asks."""
