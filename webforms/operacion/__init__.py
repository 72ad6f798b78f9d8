"""Operation: incidents, instances, recurring starts, devices."""
