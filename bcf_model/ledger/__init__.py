"""Other people's extracts in: a ledger's table is recognised, proved, mapped to schemes and kept."""
