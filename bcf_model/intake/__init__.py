"""Files in: a folder or a workbook as text, each cell knowing where it stood, then as values."""
