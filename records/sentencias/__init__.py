"""Statements of the hot path, compiled once: a module for each noun, the functions in
`records/<noun>.py` run them.

Making a statement costs more than running it, and every step of a case writes some. Rows are
NamedTuples beside their statement.
"""
