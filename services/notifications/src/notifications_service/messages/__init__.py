"""消息: one mail to one organisation about one event, until it ends in a named state."""
