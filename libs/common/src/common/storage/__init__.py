"""How services store: the database, the tables every service has, the unit of work. Nothing here knows a noun."""
