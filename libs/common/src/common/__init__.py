"""The code that the four services share: base classes, storage, messaging, web and the event contracts."""
