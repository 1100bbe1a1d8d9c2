"""Read workbooks and CSV files into the same submissions and refusals as JSONL lines."""
