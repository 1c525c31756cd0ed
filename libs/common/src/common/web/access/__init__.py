"""Access to the API: tokens and their issuer, rate limits, origins."""
