"""A text with names in braces, filled."""

import re
from collections.abc import Mapping


def filled(text: str, values: Mapping[str, object]) -> str:
    """The text with each value in place of its name in braces; what a value itself holds is left as it is."""
    # Not `format`: a title or a sentence may hold braces.
    return re.sub(r"\{(\w+)\}", lambda name: str(values.get(name[1], name[0])), text)
