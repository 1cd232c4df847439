"""What was once said falsely, and its like in other languages: right or refused, in every profile that is here."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from profiles import profiles_here

from assistant.answers import Answer
from assistant.assistant import Assistant
from assistant.opening import load_embedding, open_assistant
from assistant.settings import read_settings
from index.rebuild import rebuild

pytestmark = pytest.mark.slow

# All on Wednesday 8 May 2024; every name is invented.
ARTICLES = {
    "ferry": ("en", "The Aurelle goes down off Skarn", "The ferry Aurelle with 57 people on board sank off Skarn on "
              "Sunday night. All of them were rescued by fishing boats.\n\nThe captain was heard for three hours."),
    "council": ("en", "Tolland names a council", "Mayor Rob Tolland named twelve councillors on Monday, seven of them "
                "women.\n\nThe opposition called the list a surprise."),
    "tunnel": ("en", "The Corvin tunnel opens again", "The Corvin tunnel opens again in June, the railway said.\n\n"
               "It had been closed in 2011."),
    "mayor": ("en", "Brandt stays", "Mayor Oda Brandt did not resign on Monday, contrary to early reports. She will "
              "stay until 2027."),
    "mill": ("en", "Mill lost to fire", "Police said on Tuesday that the Larch mill burned down on Monday night. "
             "Nobody was hurt."),
    "mine": ("en", "Miners lost in Hollin", "Fourteen miners died in the Hollin pit on Monday.\n\nCorrection: an "
             "earlier version of this article said fourteen miners died in the Hollin pit. Twelve miners died."),
    "rocket": ("de", "Sturmvogel-2 bleibt am Boden", "Der Start der Rakete Sturmvogel-2 am Donnerstag wurde abgesagt. "
               "Ein Ventil war undicht."),
    "plane": ("en", "Air Tarn buys the K-900", "Air Tarn has ordered eight K-900, a plane that first flew in 1996. It "
              "did not say what it pays."),
    "tram": ("it", "Il municipio di Molvena", "Il municipio di Molvena, accanto al tram, ha 96 porte. Il tram passa "
             "ogni dieci minuti."),
    "lynx": ("fr", "Un lynx tue neuf agneaux", "Un lynx a tué neuf agneaux mardi à Orm. L'éleveuse demande une "
             "clôture."),
    "plant": ("en", "The Veld plant", "The company denied that 300 jobs had been cut at the Veld plant."),
}  # fmt: skip
CASES = [
    json.loads(line) for line in Path(__file__).with_name("falsehoods.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module", params=profiles_here())
def assistant(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp(f"articles-{request.param}")
    for name, (language, title, text) in ARTICLES.items():
        heading = f"---\ntitle: {title}\npublished: 2024-05-08\nlanguage: {language}\n---\n"
        (folder / f"{name}.md").write_text(f"{heading}{text}\n", encoding="utf-8")
    settings = read_settings({"NEWSDESK_PROFILE": request.param}, index_dir=tmp_path_factory.mktemp(request.param))
    rebuild(folder, settings.index_dir, lambda: load_embedding(settings))
    yield open_assistant(settings)


def told(answer: Answer) -> list[str]:
    """The short answer, and what is not a stored sentence as it stands, nor a note that shows what was corrected."""
    quotes = {citation.quote for citation in answer.citations}
    written = [one.text for one in answer.statements if one.text not in quotes and one.role != "note"]
    return written if answer.short_answer in quotes else [answer.short_answer, *written]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["question"]))
def test_it_is_right_or_refused(case: dict[str, Any], assistant: Assistant) -> None:
    answer = assistant.ask(case["question"])
    assert answer.answer_date in ("", case["day"])
    for text in told(answer):
        assert not any(words in text for words in case["never"])
    if case.get("whole"):
        assert told(answer) == []
