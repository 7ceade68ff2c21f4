"""For all tests: a busy machine fails none of them."""

from hypothesis import HealthCheck, settings

settings.register_profile("any-machine", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")
