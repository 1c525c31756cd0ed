"""The events of the registry service: brands, for everybody."""
