"""更正: an official corrects the name or the division of an applicant, and its open cases follow."""
