"""The bytes of a file to the articles in it, one file here for each kind.

kinds.py     which reader a file needs, by its content and its name
story.py     what a reader makes of one article, and the values that its fields may take
plain.py     plain text and markdown, with front matter
webpage.py   HTML (pagedata.py: what a page says of its article; walls.py: pages that stand in place of one;
             pagestate.py: the article that only its scripts hold, jsliteral.py: a value that a script writes out)
pdf.py       PDF, with where each page begins (columns.py: the order of its words; paging.py: pages to one text)
docx.py      Word documents (olddoc.py: those of before 2007, through a converter)
rtf.py       rich text
books.py     OpenDocument texts and electronic books
mail.py      e-mails and web archives (.eml, .mbox, .mht)
records.py   JSON, JSON lines and tables (workbook.py: those of spreadsheets)
feed.py      RSS and Atom (newsml.py: what agencies send as XML)
subtitles.py  what is said in a film, with when
warc.py      what a crawler has kept
picture.py   what is recognised in a picture (scans.py: page by page, of a PDF too)
days.py      a day in whatever form it stands beside an article, for the readers above
archive.py   the members of a zip file, for the readers above
safexml.py   XML without entities, for whatever is made of it
"""
