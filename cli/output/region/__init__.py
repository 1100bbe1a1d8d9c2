"""Write what came of questions to the towns of a region."""
