"""Finished answers beside the same model in llama.cpp, over the golden questions: `python -m bench.llama`.

Ours, checked, against llama.cpp on LlamaIndex's own prompt with the best two passages. Search is left out of its
times; the two take turns.
"""

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from llama_index.core.prompts.default_prompts import DEFAULT_TEXT_QA_PROMPT

from assistant.answers import Answer, Evidence
from assistant.assistant import Assistant
from assistant.coming import ComingAnswerer
from assistant.models.writing import ANSWER_TOKENS
from assistant.opening import load_embedding, open_assistant
from assistant.settings import read_settings
from bench.speed import CORPUS, ROOT, measured_on
from index.models import weights
from index.rebuild import rebuild

THREADS = 2
CONTEXT = 4096
STARTER_PASSAGES = 2  # as LlamaIndex's query engine takes


class LlamaCpp:
    """The model in llama.cpp, in this process; what is the same at the beginning of two prompts it reads once."""

    def __init__(self, model: Path) -> None:
        from xllamacpp import CommonParams, Server  # installed for this measurement only

        params = CommonParams()
        params.model.path = str(model)
        params.n_ctx = CONTEXT
        params.n_parallel = 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
        self._server = Server(params)

    def seconds(self, message: Mapping[str, str]) -> float:
        """Until the end of the reply."""
        began = time.perf_counter()
        request = {"messages": [message], "temperature": 0.0, "max_tokens": ANSWER_TOKENS, "stream": True}
        self._server.handle_chat_completions(request, lambda chunk: False)
        return time.perf_counter() - began


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
        assert isinstance(assistant.answerer, ComingAnswerer)
        assistant.answerer.coming.wait()
        llama = LlamaCpp(model)
        lines = (ROOT / "tests" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
        questions = [line["question"] for line in map(json.loads, lines) if line.get("answerable", True)]
        timed(questions[0], assistant, llama)  # warm-up
        rows = [row for question in questions if (row := timed(question, assistant, llama))]
    ours, theirs = (np.percentile(column, [50, 95]) for column in zip(*rows, strict=True))
    print(f"{measured_on()} Golden questions that are answered: {len(rows)}.\n")
    print("| p50 / p95 | ours | llama.cpp | ratio |\n|---|---|---|---|")
    cells = [f"{middle:.2f} / {late:.2f} s" for middle, late in (ours, theirs)]
    print(f"| finished answer | {' | '.join(cells)} | {ours[0] / theirs[0]:.2f} |")


def timed(question: str, assistant: Assistant, llama: LlamaCpp) -> tuple[float, float] | None:
    """Seconds to our end and to llama.cpp's; None when we refuse."""
    *_, evidence, answer = (one for one in assistant.stream(question) if isinstance(one, Evidence | Answer))
    assert isinstance(evidence, Evidence) and isinstance(answer, Answer)
    if not answer.answered:
        return None
    passages = list(dict.fromkeys(hit.passage.text for hit in evidence.hits))[:STARTER_PASSAGES]
    prompt = DEFAULT_TEXT_QA_PROMPT.format(context_str="\n\n".join(passages), query_str=question)
    return answer.timings_ms["total"] / 1000, llama.seconds({"role": "user", "content": prompt})


if __name__ == "__main__":
    main()
