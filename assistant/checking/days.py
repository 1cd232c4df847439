"""Which day an answer tells: that of the event, or only the one that it was reported on."""

from assistant.checking.asked import Inquiry
from assistant.facts.resolving import ResolvedDate
from assistant.reading.findings import Finding


def days_told(asked: Inquiry, finding: Finding) -> tuple[str, str]:
    """The ISO day asked for, and the one that it was said or reported on where the sentence names no day of its own.

    Both are "" when no day was asked for, or nothing tells which.
    """
    day = finding.value
    if asked.kind != "date" or not isinstance(day, ResolvedDate):
        return "", ""
    return (day.iso, "") if day.text else ("", day.iso)
