"""What each command of `newsdesk` does; ui/cli.py says which there are, and loads of these only the one that is run.

rebuild.py    index
ask.py        ask (answering.py: answers printed and written; questions.py: a file of questions; narrowed.py: which
              articles)
look_up.py    search
timeline.py   timeline
evaluate.py   eval
show.py       show
chat.py       chat
serve.py      serve
serve_mcp.py  mcp
tokens.py     token
backups.py    backup, restore
models.py     models
doctor.py     doctor
manual.py     man
terminal.py   what they share to print with
"""
