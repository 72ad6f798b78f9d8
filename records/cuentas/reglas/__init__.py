"""Pure rules: roles, passwords, identity."""
