"""Who works here: accounts, roles, absences, logins, second factors, what one asks for and another decides."""
