"""The errors that are shown to a person as a sentence."""

REASON_CHARACTERS = 200


class UserError(Exception):
    """What happened, to which file or setting, and what to do: one or two sentences, ready to print."""


class UnknownArticle(UserError):
    """That the index holds no article of that name."""


class Unreadable(Exception):
    """Why one file of the folder cannot be read, in a sentence; the file is skipped, and the rest goes on."""


class ProgramMissing(Unreadable):
    """That one file cannot be read without a program which this machine does not have, and how to get it."""


class NoIndexYet(UserError):
    """That no index was ever built there."""


class StoreUnreachable(UserError):
    """That the server which holds the vectors does not answer; the index is whole, and no other is to be taken."""

    def __init__(self, address: str) -> None:
        super().__init__(f"The index server at {address} does not answer. Start it and try again.")


class StoreVanished(UserError):
    """That the server which held the vectors has them no more."""

    def __init__(self, address: str, name: str) -> None:
        super().__init__(
            f"The index server at {address} has no vectors {name} any more. "
            "Make them again with `newsdesk index`, which embeds nothing anew."
        )


class StoreRefused(UserError):
    """That the server for the vectors answers, but does not do what it is asked."""

    def __init__(self, address: str, reason: str) -> None:
        said = " ".join(reason.split())[:REASON_CHARACTERS]
        super().__init__(f"The index server at {address} refuses ({said}). See what it writes, then try again.")
