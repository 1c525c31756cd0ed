"""抽取: a seeded draw of the experts for each application, without experts in conflict."""
