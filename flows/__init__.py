"""Decides: conversations, alarms, rota, triage. It never reads the clock, draws at random or touches the world."""
