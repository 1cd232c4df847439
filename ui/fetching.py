"""Articles that an editor names by their addresses: fetched one after the other, and taken in like files."""

import logging
import threading
from collections.abc import Callable, Sequence

from assistant.models.turns import Line
from index.errors import UserError
from index.fetching.addresses import NotFetched, shown
from index.fetching.fetch import fetch_page
from index.fetching.polite import Polite
from ui.intake import TOO_MANY, Incoming, Intake, Outcome
from ui.reply import BROKEN

MOST_ADDRESSES = 20  # at once
AT_ONCE = 3  # of all addresses: each page may take 100 MB on its way
WAIT_SECONDS = 60.0  # for its turn, before it is looked again whether that has come

logger = logging.getLogger(__name__)


class Fetching:
    """Some addresses on their way into a folder, whoever looks on; `taken_in` is called at the end if any came.

    Each waits in the `line` of all that anybody has fetched.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        intake: Intake,
        owner: str,
        into: str,
        taken_in: Callable[[], object],
        line: Line,
        polite: Polite | None = None,
    ) -> None:
        self.addresses = tuple(dict.fromkeys(addresses))
        self.outcomes: tuple[Outcome, ...] = ()  # of those that are done, in order
        self.problem = ""  # what kept the rest from being written
        self._intake, self._owner, self._into = intake, owner, into
        self._taken_in, self._line, self._polite = taken_in, line, polite or Polite()
        self._thread = threading.Thread(target=self._run, name="fetching", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether some are still on their way."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            for number, address in enumerate(self.addresses):
                with self._line.join() as before:
                    while before(WAIT_SECONDS):
                        pass
                    self.outcomes += (self._fetched(address, number),)
        except UserError as error:
            self.problem = str(error)
        except Exception:  # the thread's edge: nobody above could show it
            logger.exception("Addresses could not be fetched")
            self.problem = BROKEN
        if any(one.path and not one.known for one in self.outcomes):
            self._taken_in()

    def _fetched(self, address: str, number: int) -> Outcome:
        if number >= MOST_ADDRESSES:
            return Outcome(shown(address), problem=TOO_MANY)
        try:
            page = fetch_page(address, self._polite)
        except NotFetched as refusal:
            return Outcome(shown(address), problem=str(refusal))
        [outcome] = self._intake.add(self._owner, self._into, [Incoming(f"{page.site}-{page.name}", page.content)])
        return Outcome(shown(address), outcome.path, outcome.known, outcome.problem)
