"""What goes through the browser of a person: signatures, cookies, the token of forms, the headers of
every answer, and which browser it says that it is."""
