"""Finding a row by what people type: a key of it, or words."""
