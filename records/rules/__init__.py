"""Pure rules: no table, no database, no clock."""
