"""Forms of what is filed: it is received, its answer is signed and sent, the answer of an area is read."""
