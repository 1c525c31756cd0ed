"""变更: an applicant takes another name or is merged into another, as its registration authority has recorded."""
