"""What the four services share: the noun machinery, storage, messaging, web and the event contracts."""
