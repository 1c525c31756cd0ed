"""What is known of an applicant from the register."""
