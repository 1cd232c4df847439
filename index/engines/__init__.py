"""Who reads the files of a rebuild, splits its articles and embeds them.

local.py    this machine
cluster.py  the nodes of a Ray cluster
"""
