"""Pure rules: letters and addresses."""
