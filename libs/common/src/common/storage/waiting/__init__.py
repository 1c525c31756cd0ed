"""Desk and term: where a row waits, for whom and until which day, and what happens when the day has passed."""
