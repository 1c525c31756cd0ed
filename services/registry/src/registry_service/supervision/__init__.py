"""The acts on a title after the award: warning, suspension, reinstatement, revocation, cancellation."""
