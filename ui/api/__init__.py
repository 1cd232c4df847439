"""The HTTP API.

server.py            `newsdesk serve`: until Ctrl-C, with its log
guard.py             who may enter, and how often (tokens.py: with what)
desk.py              how many may ask at once, and for how long
routes.py            questions, articles and the index (asking.py: what a question may say, and how answers stream)
chat_completions.py  the same questions for OpenAI's clients
problems.py          the one shape of errors
measures.py          what is counted and timed
"""
