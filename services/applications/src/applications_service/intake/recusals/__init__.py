"""回避: the persons who may not act on an applicant's applications, learned by event."""
