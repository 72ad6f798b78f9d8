"""Pure rules: indicators and the operation now."""
