"""The built-in functions of FEEL (DMN 1.5, 10.3.4), by name: each module declares those of one kind
of values."""

from engine.feel.builtins import contexts, lists, moments, numbers, ranges, texts
from engine.feel.builtins.registry import FUNCTIONS

__all__ = ["FUNCTIONS", "contexts", "lists", "moments", "numbers", "ranges", "texts"]
