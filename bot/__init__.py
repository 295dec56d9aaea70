"""Wires: processes, settings, the clock and chance, the channels, the command line. It decides nothing about a case."""
