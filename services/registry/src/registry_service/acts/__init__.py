"""处置: what a body does to a brand: proposed by one person, approved by another."""
