"""The file of a case: its documents, its index, the series under which it is kept."""
