"""Dice with a seed, so that a failure can be walked again."""

import random


def dice(seed: int | str | None = None) -> random.Random:
    return random.Random(seed)
