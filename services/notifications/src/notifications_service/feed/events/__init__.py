"""事件流: the feed of every event that may leave the platform, from the first one."""
