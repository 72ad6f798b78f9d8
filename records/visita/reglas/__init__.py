"""Pure rules: turns and events of turn systems."""
