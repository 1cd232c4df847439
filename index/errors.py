"""The errors that are shown to a person as a sentence."""


class UserError(Exception):
    """What happened, to which file or setting, and what to do: one or two sentences, ready to print."""


class UnknownArticle(UserError):
    """That the index holds no article of that name."""


class Unreadable(Exception):
    """Why one file of the folder cannot be read, in a sentence; the file is skipped, and the rest goes on."""
