"""审定: the recognition body's vote, and the leading group's office's confirmation."""
