"""Packages of a procedure: manifest, scenarios, translations, archive."""
