"""The commands of `bcf`, by what they are for."""
