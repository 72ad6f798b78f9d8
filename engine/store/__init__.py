"""Tables of the engine, the unit of work and the two hash chains."""
