"""A year taken along: every figure, a summary and the files of all bases, with a manifest (Article 9)."""
