"""One, for the proxy model."""
