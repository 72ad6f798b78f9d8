"""The app of the peer: its flows and their process."""
