"""What a person touches.

cli.py            the `newsdesk` command
launch.py         starts the pages (downloads.py: records of answers as files)
signin.py         who may enter them (entry.py: what stands at the door)
app.py            the frame of the pages, with ask_page.py, articles_page.py and index_page.py in it
article_panel.py  the article beside a page
narrowing.py      which articles to ask (listing.py: all of them, narrowed and counted)
reply.py          an answer on its way (record.py: a finished one)
conversations.py  questions and answers, kept in a file
feedback.py       what readers say of answers, as questions for `newsdesk eval`
backup.py         conversations, feedback and tokens to a file and back
opening.py        what all sessions share (rebuilding.py: a rebuild, one at a time)
api/              the HTTP API: `newsdesk serve`
answer_line.py    an answer as JSON (listening.py: addresses and ports)
render.py         answers, articles and the rest to escaped HTML (component.py shows it)
mcp_server.py     the articles as tools for language models' programs
words.py          what the page says in the reader's language (languages/: the translations)
"""
