"""A durable BPMN runtime on SpiffWorkflow. Knows no web framework and nothing of any one
procedure."""
