"""What every audience shares: services, accounts, formats, forms. Knows no audience."""
