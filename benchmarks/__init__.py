"""Measures Sanad beside its peers. It never runs within the tests, but for a short round of kills."""
