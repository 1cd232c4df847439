"""The one kind of error that is shown to a person as a sentence."""


class UserError(Exception):
    """What happened, to which file or setting, and what to do: one or two sentences, ready to print."""
