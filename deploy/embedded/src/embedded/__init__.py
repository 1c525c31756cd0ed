"""The one-machine shape: four services, their workers, an issuer and a mail sink in one process."""
