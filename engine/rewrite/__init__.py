"""What is rewritten in a copy of a diagram before SpiffWorkflow reads it; the file stays as it was drawn."""
