"""What is rewritten before SpiffWorkflow reads a diagram; the file stays as it was drawn.

When a file is read: `plain_values.to_plain_values`, `qualified_names.to_plain_names`,
`global_tasks.put_in_place`. In a copy, before it is built: `normalise.normalise`, with `ad_hoc` and
`several_events`.
"""
