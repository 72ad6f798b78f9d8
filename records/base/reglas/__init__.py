"""Pure rules: digests, signatures, names, tables of CSV."""
