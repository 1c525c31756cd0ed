"""合并: the applicants that were merged into others, learned by event."""
