"""事件流: the feed of everything that was told outside, from the first event."""
