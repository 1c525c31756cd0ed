"""申报单位: an organisation that applies, known by its USCC."""
