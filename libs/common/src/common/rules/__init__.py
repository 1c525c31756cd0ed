"""A service's own copy of every programme edition that it was told of. A noun that two services share."""
