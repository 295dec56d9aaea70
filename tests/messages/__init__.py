"""Mirrors messages/."""
