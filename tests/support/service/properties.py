"""Property tests are judged by what holds: Hypothesis' limits of time are the machine's to break, not the code's."""

from hypothesis import HealthCheck, settings


def give_properties_time() -> None:
    """Let no property fail for being slow; all else stays as Hypothesis chose for a person or for CI."""
    slow = [HealthCheck.too_slow]
    settings.register_profile("patient", settings.default, deadline=None, suppress_health_check=slow)
    settings.load_profile("patient")
