"""The articles as tools for a language model's program, over the Model Context Protocol; every tool only reads.

given.py   what tools give: values with a schema, and the same as text whose quotes are numbered
tools.py   the tools: a class each
server.py  their server, over standard input or HTTP
"""
