"""Workbooks that anyone may have made: counted with mistrust, and read as a person sees them."""
