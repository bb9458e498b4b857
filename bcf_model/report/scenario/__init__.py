"""What `bcf scenario`, `bcf movement` and `bcf solve` write: the years to come, one or several."""
