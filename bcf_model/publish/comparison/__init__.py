"""What `bcf risk-share -o` writes: agreements side by side."""
