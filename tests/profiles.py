"""Which models are on this machine."""

from assistant.settings import PROFILES
from index.models import weights


def profiles_here() -> list[str]:
    """Every profile whose models are in the cache; the light one must be."""
    folder = weights.cache_folder()
    return [
        profile
        for profile, names in PROFILES.items()
        if profile == "light" or all(weights.installed(name, folder) for name in names)
    ]
