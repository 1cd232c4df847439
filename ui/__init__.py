"""What a person touches.

cli.py         the `newsdesk` command
launch.py      starts the chat page on this machine
app.py         the page (reply.py: an answer on its way, rebuilding.py: a rebuild, opening.py: loading)
render.py      answers and articles to escaped HTML
"""
