"""The bytes of a file to text, before anything is known of an article; the readers stand on it.

decoding.py     bytes to characters, whatever they are encoded in
programs.py     programs of this machine that read what no library of ours does
recognition.py  pictures of text to text (pictures.py: their pages, upright and level)
patience.py     how a reader lets it be known that it is still at work
"""
