"""The language model that writes.

writing.py    what it does for an answer, wherever it runs
chosen.py     the one that the settings name
embedded.py   in this process
loading.py    with the weights and precision that are fastest here (trial.py: one of them, tried)
int8_rows.py  its weights, rewritten for processors that multiply integers fast
any_llm.py    any of LlamaIndex's
served.py     behind an OpenAI-compatible address
ollama.py     run by Ollama
limits.py     its time and length
turns.py      whose turn it is
"""
