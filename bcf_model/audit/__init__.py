"""The audit of a printed paper: against the engine, against itself, and how it is set out."""
