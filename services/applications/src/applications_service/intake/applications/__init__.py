"""申报: an application from the draft to acceptance, and its stage until the award."""
