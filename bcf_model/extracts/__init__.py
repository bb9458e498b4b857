"""Extracts in: the table of a ledger is recognised, proved, mapped to schemes and kept."""
