"""What `bcf audit` writes: the findings on a paper's figures, as pages, workbook and web page."""
