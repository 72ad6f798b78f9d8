"""Outside systems that are asked about a person: what a connector is, the guard around each, and a
folder for each system."""
