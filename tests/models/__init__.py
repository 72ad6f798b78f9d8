"""Models of blocks that are sound by construction, what they mean, and bad twins of them: what the
engine refuses and does is compared."""
