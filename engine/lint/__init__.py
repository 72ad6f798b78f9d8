"""What is refused, one module a family of rules. `check.py` runs them, `rules.py` lists them."""
