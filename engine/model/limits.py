"""How large what runs may be; the lint says so before, the runtime refuses it at the latest."""

from typing import Final

MAX_ITEMS: Final = 10_000  # of one multi-instance activity
