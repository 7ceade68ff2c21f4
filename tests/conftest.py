"""For all tests: a busy machine fails none of them."""

from hypothesis import settings

settings.register_profile("any-machine", settings(), deadline=None)
settings.load_profile("any-machine")
