"""回避: the persons who may not act on the cases of an applicant."""
