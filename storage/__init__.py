"""Keeps: transactions, tables, keys. It never decides."""
