"""What every subject of the records stands on: acts, refusals, readings of values, changes with a reason, work that is asked for."""
