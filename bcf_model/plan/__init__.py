"""Budgets to come: bridges, savings, the shift to prevention, and how sure that is."""
