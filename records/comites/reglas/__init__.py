"""Pure rules: quorum and votes."""
