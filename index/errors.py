"""The errors that are shown to a person as a sentence."""

REASON_CHARACTERS = 200


class UserError(Exception):
    """What happened, to which file or setting, and what to do: one or two sentences, ready to print."""


class UnknownArticle(UserError):
    """That the index holds no article of that name."""


class Unreadable(Exception):
    """Why one file of the folder cannot be read, in a sentence; the file is skipped, and the rest goes on."""

    again = False  # whether the next rebuild may read it though it is the same
    missing = False  # whether any later one may, at no cost until then


class ProgramMissing(Unreadable):
    """That one file cannot be read without a program which this machine does not have, and how to get it."""

    again = missing = True


class Untaught(Unreadable):
    """That the letters of a picture are of a language for which the program here has no data, and how to get it."""

    again = True


class TookTooLong(Unreadable):
    """That a program which reads one file was not done in time; on a machine with less to do it may be."""

    again = True


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
