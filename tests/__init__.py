"""People with phones, and what they see. Nothing here is imported by the program."""
