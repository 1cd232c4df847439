"""Answers in the language asked for: prompts, and one LlamaIndex LLM."""

import hashlib
import math
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.llms.llm import LLM

from assistant.answerable import standing
from assistant.assistant import NOT_ANSWERED, Draft
from assistant.citations import Span, numbers, takes_for_granted
from assistant.dates import WRITTEN, dates_in, display
from assistant.followups import MAY_BE
from assistant.places import in_language
from assistant.quantities import is_number_word, multiple_or_unit, quantities_in
from assistant.questions import NAME, asked_for
from assistant.runtime import EmbeddedModel, literal
from index.articles import Article
from index.language import language_shares
from index.lexicon import folded, names_of
from index.passages import Sentence, split_sentences
from index.search import Hit
from index.steps import step

EVIDENCE_HITS = 3
# UTF-8 bytes, about four to a token in every script tried. Reading the evidence is most of the waiting.
EVIDENCE_BYTES = 600
SENTENCE_BYTES = 500  # of one sentence; a list or a table without a full stop must not push out the others
QUESTION_CHARACTERS = 500

# Answerable when the log-odds of yes + STANDING_WEIGHT * (standing - 1) >= THRESHOLD, where a standing over
# STANDING_CAP counts as that: it may outweigh the model's doubts, but not its no. Below HOPELESS the model is not even
# asked. It tells better from the best sentence alone than from it and its neighbours, and better than from the answer
# that it proposes. Asked for a day it says no too readily, since the sentence seldom has the year; hence DAY_THRESHOLD.
# Of 400 developers' questions (Italian articles, five languages, half without their article) 20 % of the answerable are
# refused so and 22 % of the others answered (AUROC .85; the model alone .76, the standing .85); of 400 whose passage
# only looks like an answer, 14 % and 32 %; of 95 for a day, all answerable, 20 %. A higher cap and threshold only trade
# one set for the other. Fitted to all 800, with similarities, names and words of the question that the sentence lacks,
# and how likely the model is to copy "none" instead of an answer, it was no better (.84 and .88).
STANDING_WEIGHT, STANDING_CAP = 3.0, 1.28
THRESHOLD, DAY_THRESHOLD = 0.7, -0.3
# Of a model that replies in words: more than is needed for an answer, or less.
YES_IN_WORDS, NO_IN_WORDS = 2.0, -2.0
HOPELESS = 0.6

# The most similar sentence holds the answer oftener (82 %) than the one that the model prefers (73 %): it may choose
# only among sentences this close to the best.
CLOSE = 0.05

# An answer of more words is not only a day, a number or a name.
FEW_WORDS = 5
# Words from LONG letters on mean something; those that share the first ALIKE letters are forms of one word. Small
# letters up to LITTLE are an article or a preposition.
LONG, ALIKE, LITTLE = 6, 4, 3

SPAN_TOKENS = 24
ANSWER_TOKENS = 80
REPLY_CHARACTERS = 500  # of a model that cannot be held to words of the evidence

SYSTEM = "You answer questions from excerpts of news articles. You never use other knowledge."
EVIDENCE = "{evidence}\n\nQuestion: {question}\n\n"
ANSWERABLE = "Does the excerpt answer the question? Reply yes or no."
MORE = "More excerpts:\n{evidence}\n\n"
SHORT_ANSWER = "Reply with only the answer: a few words copied exactly from the excerpts, no sentence."
WRITTEN_ANSWER = (
    "The words that answer the question are: “{quote}”. "
    "Now answer the question in {language} with one short sentence, using only what the excerpts say."
)
# A day, a number or a name needs no more than the question to become a sentence; given the evidence as well, the
# model put some of it where it does not belong ("to the Secretary of State"). Without examples it repeats the question.
# A name of an example that it takes over must be LONG enough to be noticed.
RESTATED = (
    "Write the question and its answer as one full sentence, with nothing added.\n\n"
    "Question: When did Marchetti open it?\nAnswer: 3 maggio 1990\n"
    "Sentence in English: Marchetti opened it on 3 May 1990.\n\n"
    "Question: Скільки їх було?\nAnswer: 40\nSentence in Ukrainian: Їх було 40.\n\n"
    "Question: {question}\nAnswer: {quote}\nSentence in {language}:"
)
# Asked for a yes or a no, the model often gave the wrong one; what the sentence says, it says faithfully.
RETOLD = "Translate into {language}, without anything else: “{quote}”"

# Told in the record of every answer.
PROMPTS = (SYSTEM, EVIDENCE, ANSWERABLE, MORE, SHORT_ANSWER, WRITTEN_ANSWER, RESTATED, RETOLD)
PROMPT_VERSION = hashlib.sha256("\0".join(PROMPTS).encode()).hexdigest()[:8]

LANGUAGES = {
    "ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\s{_SPACELESS}]+?['’](?=\w)|[^\s{_SPACELESS}]+")
_EDGE_PUNCTUATION = " \t\n.,;:!?…'\"‘’‚“”„«»‹›()[]{}-–—。、，；：！？「」『』（）"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the evidence: characters `start` to `end` of the article of `hits[hit]`, as `text`."""

    hit: int
    start: int
    end: int
    text: str


class GenerativeAnswerer:
    """Decides whether the evidence answers, quotes the short answer, and writes a sentence around it."""

    name = "generative"

    def __init__(self, llm: LLM, embedding: str) -> None:
        self._llm = llm
        self._embedding = embedding
        self._record = {
            "model": llm.metadata.model_name,
            "prompts": PROMPT_VERSION,
            "temperature": 0,
            "span_tokens": SPAN_TOKENS,
            "answer_tokens": ANSWER_TOKENS,
            "threshold": THRESHOLD,
            "day_threshold": DAY_THRESHOLD,
        }

    def draft(self, question: str, language: str, answer_language: str, hits: Sequence[Hit]) -> Iterator[str | Draft]:
        """Pieces of the written answer, and last the draft; raises ValueError when the model's replies are none."""
        for piece in self._draft(question, language, answer_language, hits):
            yield replace(piece, record=self._record) if isinstance(piece, Draft) else piece

    def _draft(self, question: str, language: str, answer_language: str, hits: Sequence[Hit]) -> Iterator[str | Draft]:
        lines = choose_evidence(hits)
        shared = about_the_best(question, answer_language, hits)
        with step("confidence"):
            confidence = self.confidence(shared, hits)
        kind = asked_for(question, language)
        if confidence < least_confidence(kind):
            yield Draft(answered=False, reason=NOT_ANSWERED, confidence=confidence)
            return
        if others := lines[1:]:
            shared += MORE.format(evidence=layout(others, hits, answer_language))
        span = Span(0, hits[0].sentence.start, hits[0].sentence.end)  # when the model's words stand nowhere
        if kind != "yes or no":
            span = (_only_date(hits) if kind == "date" else None) or self._span(shared, lines, hits, kind) or span
        if kind == "name" and _is_day(span, hits):  # "Who stole it?", and nothing is told but when
            yield Draft(answered=False, reason=NOT_ANSWERED, confidence=confidence)
            return
        if kind == "name":
            span = _whole_name(span, hits)
        elif kind == "number":
            span = _whole_number(span, hits)
        if kind != "yes or no" and _repeats(question, span, hits):  # "What did NATO answer?" - "NATO"
            sentence = _sentence(span, hits)
            yield Draft(True, "", Span(span.hit, sentence.start, sentence.end), (), confidence)
            return
        article, sentence = hits[span.hit].article, _sentence(span, hits)
        source, spoken = article.text[sentence.start : sentence.end], article.language
        quote = article.text[span.start : span.end]
        if kind == "date":
            span, quote = _whole_date(span, hits, answer_language)
        quote = in_language(quote, answer_language)
        retells = kind == "yes or no" or answer_language != language
        if retells and spoken == answer_language:
            yield Draft(True, "", span, (source,), confidence)
            return
        is_value = kind not in ("", "yes or no") and len(quote.split()) <= FEW_WORDS
        if is_value and takes_for_granted(question, article, language):
            # "When did Kerry deliver it?", and the article says that Sullivan did: let it speak.
            yield Draft(True, "", span, (), confidence)
            return
        restates = is_value and not retells
        request, said = shared + WRITTEN_ANSWER, quote
        if restates:
            request = RESTATED.replace("{question}", question[:QUESTION_CHARACTERS])
        elif retells:
            request, said = RETOLD, source
        written = ""
        for piece in self._write(request, said, answer_language):
            written += piece
            yield piece
            complete = re.sub(r"\w+$", "", written)
            if restates and not says_no_more((in_language(complete, answer_language),), question, quote):
                break  # what follows would not be kept
        if not re.search(r"\w", written):
            raise ValueError("The model wrote nothing.")
        sentences = finished_sentences(in_language(written, answer_language), answer_language)
        is_said = any(re.search(r"\w", sentence) for sentence in sentences)
        if restates:
            is_said = is_said and says_no_more(sentences, question, quote)
        elif retells:
            is_said = language_shares(" ".join(sentences)).get(answer_language, 0.0) >= MAY_BE
        if not is_said:
            sentences = (f"{quote[0].upper()}{quote[1:]}.",) if is_value else ()
        if kind == "number" and not numbers(" ".join(sentences)) and numbers(hits[span.hit].text):
            sentences = ()  # a number put into words is one that code cannot check; the source is quoted instead
        yield Draft(True, "", span, sentences, confidence)

    def confidence(self, shared: str, hits: Sequence[Hit]) -> float:
        """How surely the best hit answers; `shared` is what `about_the_best` gives."""
        stands = standing(hits, self._embedding)
        if stands < HOPELESS:
            return -math.inf
        return self._log_odds(shared + ANSWERABLE) + STANDING_WEIGHT * (min(stands, STANDING_CAP) - 1)

    def _log_odds(self, request: str) -> float:
        """How much likelier the model replies yes than no; a model that cannot tell is taken at its word."""
        messages = _messages(request)
        if log_odds := getattr(self._llm, "log_odds", None):
            return float(log_odds(messages, "Yes", "No"))
        return log_odds_in_words(self._reply(messages), "Yes", "No")

    def _span(self, shared: str, lines: Sequence[Line], hits: Sequence[Hit], kind: str) -> Span | None:
        """The words of one of the most similar sentences that the model picks."""
        close = [line for line in lines if _is_close(line, hits)]
        messages = _messages(shared + SHORT_ANSWER)
        if isinstance(self._llm, EmbeddedModel):
            begins = [_number_offsets(line, hits) for line in close] if kind == "number" else ()
            grammar = verbatim_grammar([line.text for line in close], begins)
            reply = self._llm.chat(messages, grammar=grammar, max_tokens=SPAN_TOKENS).message.content or ""
        else:
            reply = self._reply(messages)
        # About to write English, held to Italian words the model begins with "a" or "all'", and stops.
        spoken = hits[0].article.language
        says_something = any(
            len(word) > LITTLE or not word.islower() or is_number_word(word, spoken)
            for word in re.findall(r"\w+", reply)
        )
        return locate(reply, close) if says_something else None

    def _reply(self, messages: Sequence[ChatMessage]) -> str:
        """The model's reply, as far as it may be read."""
        reply = ""
        for response in self._llm.stream_chat(messages):
            reply += response.delta or ""
            if len(reply) > REPLY_CHARACTERS:
                break
        return reply

    def _write(self, request: str, quote: str, language: str) -> Iterator[str]:
        # Not `format`: an article may hold braces.
        messages = _messages(request.replace("{language}", LANGUAGES[language]).replace("{quote}", quote))
        if isinstance(self._llm, EmbeddedModel):
            responses = self._llm.stream_chat(messages, max_tokens=ANSWER_TOKENS)
        else:
            responses = self._llm.stream_chat(messages)
        begun = False
        for response in responses:
            piece, newline, _ = (response.delta or "").partition("\n")
            if piece:
                begun = True
                yield piece
            if newline and begun:
                return


def about_the_best(question: str, answer_language: str, hits: Sequence[Hit]) -> str:
    """What every request begins with: the best sentence and the question."""
    best = layout(choose_evidence(hits)[:1], hits, answer_language)
    return EVIDENCE.format(evidence=best, question=question[:QUESTION_CHARACTERS])


def least_confidence(kind: str) -> float:
    """How confident it must be to answer a question that asks for that: a "date", "number", "name", …"""
    return DAY_THRESHOLD if kind == "date" else THRESHOLD


def log_odds_in_words(reply: str, one: str, other: str) -> float:
    """More than is needed for an answer, or less, as the reply begins; raises ValueError when it begins otherwise."""
    begins = re.match(rf"\W*({one}|{other})\b", reply, re.IGNORECASE)
    if begins is None:
        raise ValueError(f"The model replied neither {one} nor {other}.")
    return YES_IN_WORDS if begins[1].casefold() == one.casefold() else NO_IN_WORDS


def choose_evidence(hits: Sequence[Hit]) -> list[Line]:
    """The best sentence, then those close to it, then, when it names nobody, the one before it; as many as fit."""
    close = [rank for rank, hit in enumerate(hits[:EVIDENCE_HITS]) if hit.rank_value >= hits[0].rank_value - CLOSE]
    wanted = [(rank, hits[rank].sentence) for rank in close]
    if not any(name.start() > 0 for name in re.finditer(NAME, hits[0].text)):
        wanted += [(0, one) for one, other in pairwise(hits[0].passage.sentences) if other == hits[0].sentence]
    lines: dict[tuple[str, int], Line] = {}
    room = EVIDENCE_BYTES
    for rank, sentence in wanted:
        article = hits[rank].article
        text = _shortened(article.text[sentence.start : sentence.end])
        size = len(text.encode())
        if (article.id, sentence.start) not in lines and (size <= room or not lines):
            lines[article.id, sentence.start] = Line(rank, sentence.start, sentence.start + len(text), text)
            room -= size
    return list(lines.values())


def layout(lines: Sequence[Line], hits: Sequence[Hit], language: str) -> str:
    """The evidence as the model reads it: a heading for each article, a mark for sentences left out.

    A date that needs its context ("Friday", "26 gennaio") is followed by the whole date in the language.
    """
    parts: list[str] = []
    previous: Line | None = None
    for line in lines:
        article = hits[line.hit].article
        if previous is None or hits[previous.hit].article.id != article.id:
            published = f", published {article.published}" if article.published else ""
            parts.append(f"\n\n[{' '.join(article.title.split())[:120]}{published}]\n")
        else:
            parts.append(" " if not article.text[previous.end : line.start].strip() else " […] ")
        parts.append(" ".join(_with_whole_dates(line, article, language).split()))
        previous = line
    return "".join(parts).strip()


def _with_whole_dates(line: Line, article: Article, language: str) -> str:
    text = line.text
    for date in reversed(dates_in(article, line.start, line.end)):
        if date.basis != WRITTEN:
            after = date.end - line.start
            text = f"{text[:after]} ({display(date, language)}){text[after:]}"
    return text


def _is_close(line: Line, hits: Sequence[Hit]) -> bool:
    """Whether the line is a hit's own sentence and hardly less similar than the best: no neighbour may answer."""
    hit = hits[line.hit]
    return line.start == hit.sentence.start and hit.rank_value >= hits[0].rank_value - CLOSE


def _only_date(hits: Sequence[Hit]) -> Span | None:
    """The one date of the best sentence: no need to ask the model, which takes a second, where it stands."""
    best = hits[0]
    dates = dates_in(best.article, best.sentence.start, best.sentence.end)
    return Span(0, dates[0].start, dates[0].end) if len(dates) == 1 else None


def _number_offsets(line: Line, hits: Sequence[Hit]) -> frozenset[int]:
    """The offsets in the line of the numbers that it has in digits or in words, but for those of dates."""
    article = hits[line.hit].article
    dates = dates_in(article, line.start, line.end)
    return frozenset(
        word.start()
        for word in re.finditer(r"\w+", line.text)
        if is_number_word(word[0], article.language)
        and not any(date.start <= line.start + word.start() < date.end for date in dates)
    )


def _is_day(span: Span, hits: Sequence[Hit]) -> bool:
    """Whether the span is a date, or a part of one."""
    sentence = _sentence(span, hits)
    dates = dates_in(hits[span.hit].article, sentence.start, sentence.end)
    return any(date.start <= span.start and span.end <= date.end for date in dates)


def _sentence(span: Span, hits: Sequence[Hit]) -> Sentence:
    """The sentence that the span begins in."""
    hit = hits[span.hit]
    return next((one for one in hit.passage.sentences if one.start <= span.start < one.end), hit.sentence)


def _whole_name(span: Span, hits: Sequence[Hit]) -> Span:
    """The span with the rest of the name that it is a part of: "Stoltenberg" to "Jens Stoltenberg"."""
    text, sentence = hits[span.hit].article.text, _sentence(span, hits)
    for name in re.finditer(NAME, text[sentence.start : sentence.end]):
        start, end = sentence.start + name.start(), sentence.start + name.end()
        if start <= span.start and span.end <= end and name.start() > 0:
            return Span(span.hit, start, end)
    return span


def _whole_number(span: Span, hits: Sequence[Hit]) -> Span:
    """The span with what its number is a multiple and a number of: "11,5" to "11,5 milioni di euro"."""
    article, sentence = hits[span.hit].article, _sentence(span, hits)
    for quantity in quantities_in(article, sentence.start, sentence.end):
        if quantity.start <= span.start and span.end <= quantity.end:
            return Span(span.hit, quantity.start, quantity.end)
    return span


def _repeats(question: str, span: Span, hits: Sequence[Hit]) -> bool:
    """Whether the span says nothing that the question does not; a name may be spelt otherwise."""
    quote = hits[span.hit].article.text[span.start : span.end]
    known, sounds = set(re.findall(r"\w+", folded(question))), names_of(question)
    words = re.findall(r"\w+", quote)
    return all(folded(word) in known or (names_of(word) and names_of(word) <= sounds) for word in words)


def _whole_date(span: Span, hits: Sequence[Hit], language: str) -> tuple[Span, str]:
    """The date that the span touches, else the first one of its sentence, and how the language writes it whole."""
    article, sentence = hits[span.hit].article, _sentence(span, hits)
    dates = dates_in(article, sentence.start, sentence.end)
    touched = [date for date in dates if date.start < span.end and span.start < date.end]
    for date in touched or dates:
        return Span(span.hit, date.start, date.end), display(date, language)
    return span, article.text[span.start : span.end]


def verbatim_grammar(texts: Sequence[str], begins: Sequence[Set[int]] = ()) -> str:
    """EBNF for the runs of neighbouring words of any one of the texts, with single spaces between words.

    When `begins` has an offset of any text, only words that one lies in may be the first. A run may begin and end
    without the punctuation around a word: held to "2014," where it meant 2014, the model goes on.
    """
    rules: list[str] = []
    starts: list[str] = []
    chosen: list[str] = []
    for number, text in enumerate(texts):
        words = list(_WORD.finditer(text))
        going_on = ""  # from the word after this one on, with what stands between
        for position in reversed(range(len(words))):
            word, name = words[position], f"w{number}_{position}"
            is_last = position + 1 == len(words)
            adjoins = not is_last and words[position + 1].start() == word.end()
            before, core, after = _parted(word[0], adjoins)
            ending = "" if is_last else f" ({going_on})?"
            rules.append(f"{name} ::= {literal(core)}" + (f" ({literal(after)}{ending})?" if after else ending))
            starts.append(name)
            first = word.start() + len(before)
            if begins and not begins[number].isdisjoint(range(first, first + len(core))):
                chosen.append(name)
            space = " " if position and words[position - 1].end() < word.start() else ""
            going_on = f"{literal(space + before)} {name}" if space + before else name
    return "\n".join([f"root ::= {' | '.join(chosen or starts)}", *rules])


def _parted(word: str, adjoins: bool) -> tuple[str, str, str]:
    """The word without the punctuation around it, between that; what adjoins the next word ("dell'") keeps its end."""
    begun = word.lstrip(_EDGE_PUNCTUATION)
    core = begun if adjoins else begun.rstrip(_EDGE_PUNCTUATION)
    if not core:
        return "", word, ""
    before = len(word) - len(begun)
    return word[:before], core, word[before + len(core) :]


def locate(quote: str, lines: Sequence[Line]) -> Span | None:
    """Where the quoted words stand, without outer punctuation, best hit first; None if nowhere."""
    words = quote.strip(_EDGE_PUNCTUATION).split()
    if not words:
        return None
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)")
    loose = re.compile(r"\s+".join(map(re.escape, words)))
    for wanted in (pattern, loose):
        for line in sorted(lines, key=lambda line: line.hit):
            if found := wanted.search(line.text):
                return Span(line.hit, line.start + found.start(), line.start + found.end())
    return None


def says_no_more(sentences: Sequence[str], question: str, quote: str) -> bool:
    """Whether the sentences have no number and no long word but those of the question or the quote.

    A word may have another form there, and a multiple or a unit another language.
    """
    if not numbers(" ".join(sentences)) <= numbers(f"{question} {quote}"):
        return False
    known = re.findall(r"\w+", f"{question} {quote}")
    words, measures = {folded(word)[:ALIKE] for word in known}, {multiple_or_unit(word) for word in known} - {None}
    written = [word for word in re.findall(r"\w+", " ".join(sentences)) if len(word) >= LONG]
    return all(folded(word)[:ALIKE] in words or multiple_or_unit(word) in measures for word in written)


def finished_sentences(text: str, language: str) -> tuple[str, ...]:
    """The sentences of a written answer, after any repeated question; one cut off at the end counts only alone."""
    text = text.rpartition("?")[2]
    sentences = [text[sentence.start : sentence.end] for sentence in split_sentences(text, language)]
    if len(sentences) > 1 and not re.search(r"[.!?…。！？؟।][\"'”’»)]*$", sentences[-1]):
        sentences.pop()
    return tuple(sentences)


def _shortened(text: str) -> str:
    """The text, or as many of its first words as fit into SENTENCE_BYTES."""
    if len(text.encode()) <= SENTENCE_BYTES:
        return text
    kept = text.encode()[:SENTENCE_BYTES].decode(errors="ignore")
    return kept.rsplit(maxsplit=1)[0]


def _messages(request: str) -> list[ChatMessage]:
    return [
        ChatMessage(role=MessageRole.SYSTEM, content=SYSTEM),
        ChatMessage(role=MessageRole.USER, content=request),
    ]
