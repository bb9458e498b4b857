"""What takes more than one cell to see: each check is a small function that yields findings."""
