"""评分期限: what happens to a sheet before and after its last day."""
