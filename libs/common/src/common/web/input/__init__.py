"""Reading requests: strict bodies, typed parameters, cursors, and a text for each field error."""
