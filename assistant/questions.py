"""What a question asks for, told by its opening words, and what a name looks like."""

import re

from index.lexicon import folded

# In the languages of the page and their neighbours.
ASKED = {
    "date": "when quando wann quand cuándo коли когда wanneer når",
    "name": "who whom whose chi wer wen wem qui quién quiénes хто кого кому кто quem hvem",
    "place": "where dove wo wohin où dónde adónde де куди где куда onde waar hvor",
    "number": (
        "many much quanti quante quanto quanta viele viel combien cuántos cuántas cuánto cuánta "
        "скільки сколько quantos quantas hoeveel mange"
    ),
}
# A question that opens with one of these wants a yes or a no.
YES_NO = (
    "is are was were do does did has have had can could will would should "
    "è sono era erano ha hanno aveva avevano "
    "ist sind war waren hat haben hatte hatten wird werden wurde wurden kann können "
    "est-ce a-t-il ont-ils était-ce "
    "чи ли é foram houve heeft hebben zijn er har"
)
# With one of these after it, Norwegian and Danish "hvor", where, means how: "hvor mange", how many.
AFTER_HVOR = "mange mye meget"
OPENING_WORDS = 6

# Words that begin with one capital letter, one after the other, in Latin or Cyrillic letters; no abbreviations.
CAPITALISED = r"\b(?![^\W\d_a-zà-ÿа-яіїєґ]{2})[A-ZÀ-ÖØ-ÞĀĂĄČĎĐĒĘĚĢĪĶĹĽŁŃŇŌŐŒŔŘŚŞŠŤŪŮŰŹŻŽЀ-Я][^\W\d_]*"
NAME = rf"{CAPITALISED}(?:[\s'’-]+{CAPITALISED})*"


# Words that begin with the same so many letters are forms of one word.
BEGINNING = 5


def word_beginnings(text: str) -> frozenset[str]:
    """How the longer words of the text begin, whatever their endings and accents."""
    return frozenset(folded(word)[:BEGINNING] for word in re.findall(r"[^\W\d_]{4,}", text))


def key_words(question: str, language: str) -> frozenset[str]:
    """How the words begin that tell what is asked, without question and helping words and, but for German, names."""
    first, *rest = re.findall(r"[^\W\d_]+", question) or [""]
    kept = [first, *(word for word in rest if language == "de" or not word[0].isupper())]
    telling_little = {word for words in (*ASKED.values(), YES_NO) for word in words.split()}
    return word_beginnings(" ".join(word for word in kept if word.casefold() not in telling_little))


def asked_for(question: str, language: str = "") -> str:
    """ "date", "name", "place", "number", "yes or no", or "" when the question asks for something else."""
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", question.casefold())
    if words and words[0] in YES_NO.split() and (words[0], language) != ("was", "de"):  # in German it means what
        return "yes or no"
    if words and words[0] == "wie" and language == "nl":
        return "name"  # in German it means how
    if words[:1] == ["hvor"] and words[1:2] and words[1] in AFTER_HVOR.split():
        return "number"
    for word in words[:OPENING_WORDS]:
        for kind, openers in ASKED.items():
            if word in openers.split():
                return kind
    return ""
