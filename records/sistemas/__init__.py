"""Systems outside: ports to them, what they answered, whether they live."""
