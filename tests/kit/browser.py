"""The Chromium of the machine, and how the tests start it."""

from pathlib import Path

#: The headless one first: the same engine without the window around it, a third faster.
NAMES = ("chromium-headless-shell", "chromium", "google-chrome", "chromium-browser")
CHROMIUM = next((str(p) for p in (Path("/usr/bin") / name for name in NAMES) if p.exists()), "")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
