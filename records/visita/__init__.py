"""A visit to a point (5.2.1 to 5.2.15): turn, queue, attention, rating, talk."""
