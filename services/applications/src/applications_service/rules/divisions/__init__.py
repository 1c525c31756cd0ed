"""行政区划: the divisions that there were in a year."""
