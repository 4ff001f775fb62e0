"""Posts from a file through the whole pipeline, by the clock in the posts: the same bytes every time.

Four stages, each of which goes on where a killed one stopped: read (the border, the analysis, the log),
track (the folds), desk (levels, alerts, mails), write (the outputs). The log between the first two is the
truth; every stage keeps its position together with what it did.
"""
