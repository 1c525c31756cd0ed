"""抽取: which experts review which application, by a seeded draw that refuses conflicts."""
