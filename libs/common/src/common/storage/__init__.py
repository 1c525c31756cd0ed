"""How services store data: the database, the tables every service has, the unit of work. No module names a noun."""
