"""Work on paper while a system is down (control 6-6): forms, receipts, what is entered afterwards."""
