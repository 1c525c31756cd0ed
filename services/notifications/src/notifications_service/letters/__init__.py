"""Letters to people: contacts, messages, and the parties of a case."""
