"""Acts: one module for each thing that can be asked of the system. It never talks to the network."""
