"""The bytes of a file to the articles in it, one file here for each kind.

kinds.py     which reader a file needs, by its content and its name
story.py     what a reader makes of one article, and the values that its fields may take
plain.py     plain text and markdown, with front matter
webpage.py   HTML
pdf.py       PDF, with where each page begins
docx.py      Word documents
mail.py      e-mails and web archives (.eml, .mht)
records.py   JSON and JSON lines
feed.py      RSS and Atom
archive.py   the members of a zip file, for the readers above
safexml.py   XML without entities, for docx.py and feed.py
"""
