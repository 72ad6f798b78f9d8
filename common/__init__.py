"""What engine and records share and neither owns: how a statement is run."""
