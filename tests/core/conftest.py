"""Property tests on a shared machine: no deadline for an example, which a busy core would miss."""

from hypothesis import settings

settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")
