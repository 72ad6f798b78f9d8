"""Background jobs behind a small port: DBOS for real, in process on a given clock for tests, demo
and simulation."""
