"""Citizens: who they are, what they agreed to, whom they act for."""
