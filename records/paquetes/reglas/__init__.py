"""Pure rules: manifest, scenarios, translations."""
