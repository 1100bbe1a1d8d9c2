"""Writing workbooks: templates, scores, explanations, and what an import had against a file."""
