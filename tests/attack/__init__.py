"""An insider with SQL against the record."""
