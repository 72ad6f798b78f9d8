"""What a diagram and a table are: read, never executed. Knows no SpiffWorkflow."""
