"""Written answers beside the same model in llama.cpp, over the golden questions: `python -m bench.llama`.

The first word: ours, after its search, decision and short answer, against llama.cpp on our evidence, asked for the
sentence at once. The finished answer: ours, checked, against llama.cpp on LlamaIndex's own prompt with the best two
passages. Search is left out of llama.cpp's times; the two take turns.
"""

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core.prompts.default_prompts import DEFAULT_TEXT_QA_PROMPT

from assistant.assistant import Answer, Assistant, Evidence
from assistant.generative import (
    ANSWER_TOKENS,
    EVIDENCE,
    LANGUAGES,
    SYSTEM,
    WRITTEN_ANSWER,
    choose_evidence,
    layout,
)
from assistant.settings import LoadingAnswerer, load_embedding, open_assistant, read_settings
from bench.speed import CORPUS, ROOT, measured_on
from index import weights
from index.rebuild import rebuild

THREADS = 2
CONTEXT = 4096
STARTER_PASSAGES = 2  # as LlamaIndex's query engine takes
ASKED = WRITTEN_ANSWER.partition(". ")[2]  # without the short answer, which only we know beforehand


class LlamaCpp:
    """The model in llama.cpp, in this process; what is the same at the beginning of two prompts it reads once."""

    def __init__(self, model: Path) -> None:
        from xllamacpp import CommonParams, Server

        params = CommonParams()
        params.model.path = str(model)
        params.n_ctx = CONTEXT
        params.n_parallel = 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
        self._server = Server(params)

    def seconds(self, *messages: Mapping[str, str]) -> tuple[float, float]:
        """Until the first word of the reply, and until its end."""
        began = time.perf_counter()
        words: list[float] = []

        def receive(chunk: Any) -> bool:
            if any(choice["delta"].get("content") for choice in chunk.get("choices", ())):
                words.append(time.perf_counter() - began)
            return False

        request = {"messages": messages, "temperature": 0.0, "max_tokens": ANSWER_TOKENS, "stream": True}
        self._server.handle_chat_completions(request, receive)
        return words[0], time.perf_counter() - began


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = read_settings({"NEWSDESK_PROFILE": "full"}, index_dir=Path(scratch))
        folder = weights.installed(settings.language_model, settings.models_dir)
        if folder is None:
            sys.exit("bench.llama: the language model is not on this machine. Run `newsdesk models fetch full`.")
        model = next(folder.glob("*.gguf")) if folder.is_dir() else folder
        rebuild(CORPUS, settings.index_dir, lambda: load_embedding(settings))
        assistant = open_assistant(settings)
        assert isinstance(assistant.answerer, LoadingAnswerer)
        assistant.answerer.wait()
        llama = LlamaCpp(model)
        lines = (ROOT / "tests" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
        questions = [line["question"] for line in map(json.loads, lines) if line.get("answerable", True)]
        timed(questions[0], assistant, llama)  # warm-up
        rows = [row for question in questions if (row := timed(question, assistant, llama))]
    ours_first, ours, theirs_first, theirs = (np.percentile(column, [50, 95]) for column in zip(*rows, strict=True))
    print(f"{measured_on()} Golden questions that are answered in writing: {len(rows)}.\n")
    print("| p50 / p95 | ours | llama.cpp | ratio |\n|---|---|---|---|")
    for name, own, other in (("first word", ours_first, theirs_first), ("finished answer", ours, theirs)):
        cells = [f"{middle:.2f} / {late:.2f} s" for middle, late in (own, other)]
        print(f"| {name} | {' | '.join(cells)} | {own[0] / other[0]:.2f} |")


def timed(question: str, assistant: Assistant, llama: LlamaCpp) -> tuple[float, float, float, float] | None:
    """Seconds to our first word and end, and to llama.cpp's; None when we refuse, or quote without writing."""
    *_, evidence, answer = (one for one in assistant.stream(question) if isinstance(one, Evidence | Answer))
    assert isinstance(evidence, Evidence) and isinstance(answer, Answer)
    first, total = answer.timings_ms["first_token"] / 1000, answer.timings_ms["total"] / 1000
    if not answer.answered or first == total:
        return None
    hits = evidence.hits
    ours = EVIDENCE.format(evidence=layout(choose_evidence(hits), hits, answer.language), question=question)
    asked = ASKED.replace("{language}", LANGUAGES[answer.language])
    their_first, _ = llama.seconds({"role": "system", "content": SYSTEM}, {"role": "user", "content": ours + asked})
    passages = list(dict.fromkeys(hit.passage.text for hit in hits))[:STARTER_PASSAGES]
    prompt = DEFAULT_TEXT_QA_PROMPT.format(context_str="\n\n".join(passages), query_str=question)
    _, their_total = llama.seconds({"role": "user", "content": prompt})
    return first, total, their_first, their_total


if __name__ == "__main__":
    main()
