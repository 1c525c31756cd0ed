"""Cases under review: the rounds they belong to and the review of each."""
