"""How the command ends."""

PUBLISHED, FAILED, SOME_SKIPPED, NOT_ANSWERED = 0, 1, 3, 4
