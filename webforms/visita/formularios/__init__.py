"""Forms of the visit: who is at the desk, their case, the information room, the ticket and its rating."""
