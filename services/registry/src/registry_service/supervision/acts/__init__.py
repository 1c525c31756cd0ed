"""处置: a measure that a body takes on a brand: proposed by one person, approved by another."""
