"""Pure rules: the calendar and what is owed by when."""
