"""Pure rules: tracking numbers."""
