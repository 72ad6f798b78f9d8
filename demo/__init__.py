"""Demo data and the servers of the demo."""
