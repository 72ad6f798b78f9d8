"""A program by itself: checks an export of a case without Ventanilla, and without anything else but
Python."""
