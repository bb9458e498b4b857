"""Checks of plans: frames in, findings out."""
