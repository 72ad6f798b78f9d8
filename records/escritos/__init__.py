"""Documents that are filed, answered and sent: received, signed, delivered."""
