"""Chance with a seed: the same demo on every machine, and no secret hangs on it."""

import random


def sembrado(semilla: int | str) -> random.Random:
    return random.Random(semilla)  # noqa: S311 - the only place of the demo that makes a generator
