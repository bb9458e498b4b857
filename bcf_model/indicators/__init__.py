"""Indicators beside the money: what was achieved, against target and last year, and what costs."""
