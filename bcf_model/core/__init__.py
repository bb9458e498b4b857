"""Money, years, words, figures, expressions, tables and kinds of finding: what all rooms share."""
