"""What `bcf risk-share --agreement` writes: agreements side by side."""
