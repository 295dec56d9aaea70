"""Measures Sanad beside its peers. It never runs within the tests."""
