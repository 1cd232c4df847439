"""The embedded language model: OpenVINO GenAI behind LlamaIndex's LLM interface."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import openvino_genai as genai  # type: ignore[import-untyped]
from llama_index.core.base.llms.types import ChatMessage, CompletionResponse, LLMMetadata, MessageRole
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.llms.custom import CustomLLM
from pydantic import PrivateAttr

from assistant.models.any_llm import messages_of
from assistant.models.writing import ANSWER_TOKENS, CONTEXT_TOKENS, Prompt
from index.errors import UserError

# 32 tokens each. Keeps the last few prompts for reuse; every block costs memory that is never given back.
KV_BLOCKS = 256
# What is written mostly repeats the prompt: where the last NGRAM tokens stand there, the GUESSED ones after them are
# tried in one step, and kept as far as the model agrees. 21 to 35 tokens a second came so instead of 11, and the same.
NGRAM, GUESSED = 3, 5
DEFAULT_MAX_TOKENS = 256
SYSTEM = "You are a helpful assistant."


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

    def __init__(
        self, folder: Path, name: str, properties: Mapping[str, object] | None = None, warm: bool = True
    ) -> None:
        """The model saved in `folder` by OpenVINO, `warm` unless its first prompt comes at once; `properties` are
        OpenVINO's."""
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
        if warm:
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

    @property
    def name(self) -> str:
        """That of its weights."""
        return self._name

    def write(self, prompt: Prompt) -> Iterator[str]:
        """The reply in pieces; see `WritingModel`."""
        for response in self.stream_chat(messages_of(prompt), max_tokens=ANSWER_TOKENS):
            yield response.delta or ""

    def log_odds(self, prompt: Prompt, one: str, other: str) -> float:
        """By the probabilities of both words; see `WritingModel`. It is held to them, so it always tells."""
        asked = self._chat_prompt(messages_of(prompt))
        first, second = (self._log_probability(asked, answer) for answer in (one, other))
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

    def count_tokens(self, text: str) -> int:
        """The number of the model's own tokens in the text."""
        return int(self._tokenizer.encode(text, add_special_tokens=False).input_ids.shape[1])

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
