"""Internal control: who has access and why, which controls were done."""
