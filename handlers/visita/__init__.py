"""The visit: tickets and turns, the information room."""
