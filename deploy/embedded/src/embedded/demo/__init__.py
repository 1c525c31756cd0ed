"""The demo: its people and clients, and its movable legal clock."""
