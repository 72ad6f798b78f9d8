"""Pure rules: who acts for whom, characterisation."""
