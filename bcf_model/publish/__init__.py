"""Pages, workbooks, web pages, charts, terminal and files: imports nothing that models."""
