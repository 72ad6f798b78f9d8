"""Pages for the citizen: kiosk, board and rating tablet are registered devices; the rest is open to everybody."""
