"""Shows: the pages for staff and the preview phones. It never opens what is sealed; browsers do."""
