"""The calendars of working days that the administrator has entered, as each service that counts terms stores them."""
