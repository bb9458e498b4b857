"""A report held against what its inputs and this version give, file by file and cell by cell."""
