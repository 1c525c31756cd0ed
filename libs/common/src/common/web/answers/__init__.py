"""Writing answers: problem documents, ETags, pages of lists, stored idempotent answers, files."""
