"""A question that leans on the one before it, made to stand alone."""

import re
from collections.abc import Sequence

# Words that tie a question to the one before it when they open it.
CONNECTIVES = "and but e ed ma und aber y pero et mais і й та але а и но mas en maar og men".split()
# Words that stand for something named before. Per language: Italian "il" is an article, French "il" is not.
STAND_INS = {
    "en": "he she it they him her them his its their hers theirs",
    "it": "lui lei loro egli ella essi esse costui questi ci",
    "de": "er sie ihm ihn ihr ihnen ihre ihren ihrem ihrer sein seine seinen seinem dort damals davon dazu",
    "fr": "il elle ils elles lui leur leurs cela ça y celui celle",
    "es": "él ella ellos ellas ello eso allí su sus",
    "uk": "він вона воно вони його її їх йому їй їм там",
    "ru": "он она оно они его её ее их ему ей им там",
    "pt": "ele ela eles elas isso ali seu sua",
    "nl": "hij zij ze hem haar hun daar zijn",
    "no": "han hun den det de ham henne dem der",
}
# A question this short, with no name or number of its own, says too little to be searched for alone.
FEW_WORDS = 3


def stand_alone(question: str, language: str, earlier: Sequence[str]) -> str:
    """The question itself, or, when it leans on the conversation, the question with the topic in brackets.

    `earlier` are the questions so far, oldest first; the topic is the latest of them that stood alone.
    """
    if not earlier or not leans(question, language):
        return question
    topic = next((one for one in reversed(earlier) if not leans(one, language)), earlier[0])
    return f"{question} ({topic})"


def leans(question: str, language: str) -> bool:
    """Whether the question needs the one before it to be understood."""
    words = re.findall(r"[^\W\d_]+", question)
    folded = [word.casefold() for word in words]
    if words and folded[0] in CONNECTIVES:
        return True
    if any(word[0].isupper() for word in words[1:]) or re.search(r"\d", question):
        return False
    stand_ins = STAND_INS.get(language, "").split()
    return len(words) <= FEW_WORDS or any(word in stand_ins for word in folded)
