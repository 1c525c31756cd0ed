"""消息: one mail to one organisation about one event, until it is delivered or given up."""
