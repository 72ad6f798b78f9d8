"""Cases of every procedure: their register, states, deadlines, escalations, files, mentions, numbers."""
