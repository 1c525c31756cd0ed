"""依据: what other services have established, on which a registration rests."""
