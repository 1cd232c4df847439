"""The pages.

launch.py         starts them (downloads.py: records of answers as files)
signin.py         who may enter (door.py: what stands at the door; origins.py: from which addresses)
app.py            their frame; in it ask_page.py, search_page.py, names_page.py, articles_page.py, add_page.py and
                  index_page.py
shared_page.py    somebody else's answer, by its link
article_panel.py  the article beside a page (originals.py: its file)
uploads.py        files that wait in memory until they are added
narrowing.py      which articles to ask (chips.py: what narrows; listing.py: all of them, narrowed and counted)
rebuild_progress.py  the rebuild at work
opening.py        what all sessions share (loading.py: the bar while models are loaded)
render.py         values to HTML (render_index.py: the state of the index; component.py shows it)
templating.py     the templates/ that are filled for that (marks.py: places of a text that are marked)
words.py          what the page says in the reader's language (languages/: the translations)
"""
