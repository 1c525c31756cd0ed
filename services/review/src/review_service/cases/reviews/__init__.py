"""评审: one accepted application on its way to an outcome."""
