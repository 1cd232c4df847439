"""The embedded language model: OpenVINO GenAI behind LlamaIndex's LLM interface."""

import fcntl
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import openvino
import openvino_genai as genai  # type: ignore[import-untyped]
from llama_index.core.base.llms.types import ChatMessage, CompletionResponse, LLMMetadata, MessageRole
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.llms.custom import CustomLLM
from pydantic import PrivateAttr

from index.errors import UserError

# 32 tokens each. Keeps the last few prompts for reuse; every block costs memory that is never given back.
KV_BLOCKS = 256
CONTEXT_TOKENS = 4096
# What is written mostly repeats the prompt: where the last NGRAM tokens stand there, the GUESSED ones after them are
# tried in one step, and kept as far as the model agrees. 21 to 35 tokens a second came so instead of 11, and the same.
NGRAM, GUESSED = 3, 5
DEFAULT_MAX_TOKENS = 256
SYSTEM = "You are a helpful assistant."
# How OpenVINO runs weights made by int8_rows: activations as int8 in groups of 128, what is left as float32.
INT8 = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": 128}

logger = logging.getLogger(__name__)


class EmbeddedModel(CustomLLM):
    """A ChatML language model in this process: greedy, streaming, safe to share between threads.

    `complete`, `chat` and their streaming twins also take `max_tokens` and `grammar`: EBNF whose rule
    `root` the whole output follows.
    """

    _name: str = PrivateAttr()
    _tokenizer: genai.Tokenizer = PrivateAttr()
    _pipeline: genai.LLMPipeline = PrivateAttr()
    _stop_tokens: set[int] = PrivateAttr()
    _special: re.Pattern[str] = PrivateAttr()
    # One thread: the pipeline takes one call at a time. `generate` lets other Python threads run meanwhile;
    # `ContinuousBatchingPipeline.step` does not, and stopped the whole process for seconds.
    _worker: ThreadPoolExecutor = PrivateAttr(default_factory=lambda: ThreadPoolExecutor(1, "language-model"))

    def __init__(self, folder: Path, name: str, properties: Mapping[str, object] | None = None) -> None:
        """The model saved in `folder` by OpenVINO, warmed up; `properties` are OpenVINO's."""
        super().__init__()
        self._name = name
        self._tokenizer = genai.Tokenizer(folder)
        numbers = self._tokenizer.get_vocab()
        vocabulary = {token.decode(errors="replace"): number for token, number in numbers.items()}
        markers = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
        if any(marker not in vocabulary for marker in markers):
            raise UserError(
                f"{folder} is not a ChatML model: its vocabulary lacks <|im_start|> and <|im_end|>. "
                "Choose a Qwen model."
            )
        self._stop_tokens = {vocabulary[marker] for marker in markers}
        special = [token for token, number in vocabulary.items() if number >= min(self._stop_tokens)]
        self._special = re.compile("|".join(map(re.escape, special)))
        scheduler = genai.SchedulerConfig()
        scheduler.enable_prefix_caching = True
        scheduler.num_kv_blocks = KV_BLOCKS
        self._pipeline = genai.LLMPipeline(
            folder, self._tokenizer, "CPU", scheduler_config=scheduler, prompt_lookup=True, **(properties or {})
        )
        self.messages_to_prompt = self._chat_prompt
        self.completion_to_prompt = self._question_prompt  # type: ignore[assignment]
        # The first prompt takes several times longer than later ones, unless it is about as long as they are.
        self.complete("word " * 300, max_tokens=2)

    @classmethod
    def class_name(cls) -> str:
        return "EmbeddedModel"

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(
            context_window=CONTEXT_TOKENS,
            num_output=DEFAULT_MAX_TOKENS,
            is_chat_model=True,
            model_name=self._name,
        )

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        response = CompletionResponse(text="")
        for piece in self.stream_complete(prompt, formatted, **kwargs):
            response = piece
        return response

    @llm_completion_callback()
    def stream_complete(
        self,
        prompt: str,
        formatted: bool = False,
        *,
        grammar: str | None = None,
        max_tokens: int = DEFAULT_MAX_TOKENS,
        **kwargs: Any,
    ) -> Iterator[CompletionResponse]:
        """The text so far and what is new, piece by piece. Closing the generator stops the model."""
        if not formatted:
            prompt = self.completion_to_prompt(prompt)  # type: ignore[misc]
        return self._stream(prompt, self._config(max_tokens, grammar))

    def log_odds(self, messages: Sequence[ChatMessage], one: str, other: str) -> float:
        """How much likelier the model's reply begins with the word `one` than with the word `other`."""
        prompt = self._chat_prompt(messages)
        first, second = (self._log_probability(prompt, answer) for answer in (one, other))
        return first - second

    def _log_probability(self, prompt: str, answer: str) -> float:
        config = self._config(1, "root ::= " + literal(answer))
        config.logprobs = 1
        results = self._worker.submit(self._pipeline.generate, self._encode(prompt), config).result()
        return float(results.scores[0])

    def _stream(self, prompt: str, config: genai.GenerationConfig) -> Iterator[CompletionResponse]:
        tokens = self._encode(prompt)
        pieces: SimpleQueue[str | None] = SimpleQueue()
        closed = threading.Event()

        def receive(piece: str) -> genai.StreamingStatus:
            pieces.put(piece)
            return genai.StreamingStatus.CANCEL if closed.is_set() else genai.StreamingStatus.RUNNING

        def generate() -> None:
            if not closed.is_set():
                self._pipeline.generate(tokens, config, receive)

        finished = self._worker.submit(generate)
        finished.add_done_callback(lambda _: pieces.put(None))
        text = ""
        try:
            while (piece := pieces.get()) is not None:
                text += piece
                yield CompletionResponse(text=text, delta=piece)
            finished.result()
        finally:
            closed.set()

    def _encode(self, prompt: str) -> genai.TokenizedInputs:
        tokens = self._tokenizer.encode(prompt, add_special_tokens=False)
        count = tokens.input_ids.shape[1]
        if count > CONTEXT_TOKENS:
            raise ValueError(f"The prompt has {count} tokens; the model reads {CONTEXT_TOKENS}.")
        return tokens

    def _config(self, max_tokens: int, grammar: str | None) -> genai.GenerationConfig:
        config = genai.GenerationConfig()
        config.apply_chat_template = False
        config.do_sample = False
        config.max_new_tokens = max_tokens
        config.max_ngram_size, config.num_assistant_tokens = NGRAM, GUESSED
        config.stop_token_ids = self._stop_tokens
        if grammar is not None:
            config.structured_output_config = genai.StructuredOutputConfig(grammar=grammar)
        return config

    def _chat_prompt(self, messages: Sequence[ChatMessage]) -> str:
        """ChatML, ready for the reply. Marker text inside a message cannot end it or begin another."""
        if messages[0].role != MessageRole.SYSTEM:
            messages = [ChatMessage(role=MessageRole.SYSTEM, content=SYSTEM), *messages]
        turns = [
            f"<|im_start|>{message.role.value}\n{self._without_markers(message.content or '')}<|im_end|>\n"
            for message in messages
        ]
        return "".join(turns) + "<|im_start|>assistant\n"

    def _question_prompt(self, text: str) -> str:
        return self._chat_prompt([ChatMessage(role=MessageRole.USER, content=text)])

    def _without_markers(self, text: str) -> str:
        """The text with a space inside everything that would be read as one of the model's special tokens."""
        return self._special.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)


def literal(text: str) -> str:
    """The text as a quoted string of an EBNF grammar."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def load(model: Path, cache: Path) -> EmbeddedModel:
    """The model in a GGUF file, or in a folder saved by OpenVINO.

    The first load of a GGUF file converts it into a folder under `cache`; later loads read that, five times
    faster.
    """
    if model.is_dir():
        return EmbeddedModel(model, model.stem)
    int8 = multiplies_int8()
    return EmbeddedModel(_converted(model, cache, int8), model.stem, INT8 if int8 else None)


def multiplies_int8() -> bool:
    """Whether this processor multiplies int8 fast enough for int8_rows: those with bfloat16 do (AVX512-VNNI, AMX)."""
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _make_int8(folder: Path) -> None:
    """Rewrite the saved model's weights, in a process of its own: it holds them twice."""
    subprocess.run(
        [sys.executable, "-m", "assistant.int8_rows", str(folder)],
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
    )


def _converted(gguf: Path, cache: Path, int8: bool) -> Path:
    """The complete conversion of this file under `cache`; made when there is none."""
    size = gguf.stat().st_size
    folder = cache / f"{gguf.stem}-{size}-openvino-{genai.get_version().split('-')[0]}{'-int8' * int8}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():  # another process may have made it while this one waited
            logger.info("Converting %s; this is done once", gguf.name)
            unfinished = cache / f"{folder.name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            # OpenVINO writes next to the file that it reads.
            link = unfinished / "model.gguf"
            link.symlink_to(gguf.resolve())
            try:
                genai.LLMPipeline(link, "CPU", enable_save_ov_model=True)
                if int8:
                    _make_int8(unfinished)
            except (RuntimeError, IndexError, ValueError, subprocess.CalledProcessError) as error:
                shutil.rmtree(unfinished)
                raise UserError(
                    f"{gguf} cannot be converted ({str(error).splitlines()[-1]}). "
                    "Free disk space, or fetch the model again."
                ) from error
            link.unlink()
            os.sync()  # the name must not outlive a power cut that the contents do not
            unfinished.rename(folder)
            for older in cache.glob(f"{gguf.stem}-{size}-openvino-*"):  # of another version of OpenVINO
                if older.is_dir() and older != folder:
                    shutil.rmtree(older, ignore_errors=True)
    return folder
