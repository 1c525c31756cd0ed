"""The events of the review service: notices and announcements for everybody, all other steps for agencies."""
