"""The HTTP server of every process: its protocol, its cap on connections, and how it drains."""
