"""Write workbooks: the template, scores, explanations and refused imports."""
