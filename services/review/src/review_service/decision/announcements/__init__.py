"""公告: the document that makes a confirmed list effective."""
