"""A service's own copy of every published programme edition. A noun that two services share."""
