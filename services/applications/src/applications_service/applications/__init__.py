"""申报: an application from the draft to acceptance, and its stage through to the award."""
