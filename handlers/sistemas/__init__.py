"""Systems around: which are connected and how each is spoken to, what the legacy ones are asked, pages of the
entity that are cited."""
