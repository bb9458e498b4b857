"""How a figure came about: its derivation as a tree, down to the file, the row and the page."""
