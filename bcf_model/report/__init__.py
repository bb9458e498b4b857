"""Finished tables onto pages: does no sums, imports no model."""
