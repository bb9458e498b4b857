"""What `bcf scenario` writes, and what all commands about the years to come print."""
