"""Read workbooks and CSV files into submissions and refusals, as JSONL."""
