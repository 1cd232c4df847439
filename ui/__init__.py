"""What a person or a program touches.

cli.py            the `newsdesk` command: which there are (commands/: what each does; exit_codes.py: how they end)
page/             the pages
api/              the HTTP API: `newsdesk serve`
mcp/              the articles as tools for language models' programs
record.py         an answer, whole (answer_text.py: its text; answer_line.py: its JSON)
reply.py          an answer on its way
citation_formats.py  an answer as text, RIS and BibTeX (word_document.py: a conversation for Word)
hit_table.py      what a search for words found, as a table and as JSON
conversations.py  questions and answers, kept in a file
intake.py         articles that come in through the page (fetching.py: by their addresses)
opening.py        the assistant, opened in the background
narrowing.py      which articles a program asks
rate_limit.py     how often somebody may ask
rebuilding.py     a rebuild that the page or the API started, one at a time
suggesting.py     questions to offer, tried in the background (kept_examples.py: those of the welcome, over a restart)
feedback.py       what readers say of answers, as questions for `newsdesk eval`
backup.py         conversations, feedback and tokens to a file and back
listening.py      addresses and ports (serving.py: servers whose clients may not take long)
"""
