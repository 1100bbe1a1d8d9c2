"""Reading workbooks and CSV files: rows into the same submissions and refusals as JSONL lines."""
