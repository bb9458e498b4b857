"""The model: frames in, frames out. Opens no file, knows no command line, imports no sibling."""
