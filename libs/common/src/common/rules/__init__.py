"""A service's own copy of every programme edition that it was told of. A noun without routes, shared by two services."""
