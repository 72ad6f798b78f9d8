"""What a diagram and a table are: read, never executed. Knows no SpiffWorkflow.

`xml.parse` bytes → tree · `vocabulary.read` tree → Diagram, its Processes and ElementSpecs ·
`files.ReleaseFiles` all of a release `graph.scopes` flows of a process: Scope, Flow ·
`decision_tables.read` tree → Table · `grids.grids` a table as a form edits it
`expressions.compile_expression` text → Expression · `operations` what the signs of an expression do
with values `kinds.read` what kinds of value an expression may give, and where it can only fail
`timers`, `schedules` texts and rules of time → Due · `due.due_at`, `due.priority_of` of a task that
opens `marks` names of what the normaliser adds · `limits` how large what runs may be
"""
