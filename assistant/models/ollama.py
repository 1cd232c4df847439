"""A language model that Ollama runs."""

from llama_index.llms.ollama import Ollama

from assistant.models.any_llm import AnyLLM
from assistant.models.writing import ANSWER_TOKENS, CONTEXT_TOKENS


def ollama_model(address: str, name: str, seconds: float) -> AnyLLM:
    """The model of this name; the server is not asked anything yet."""
    return AnyLLM(
        Ollama(
            model=name,
            base_url=address,
            temperature=0.0,
            context_window=CONTEXT_TOKENS,
            request_timeout=seconds,
            additional_kwargs={"num_predict": ANSWER_TOKENS},
        )
    )
