"""Posts from a file through the whole pipeline, by the clock in the posts: the same bytes every time.

Four stages: read (the border, the analysis, the log), track (the folds), desk (levels, alerts, mails), write (the
outputs). Folds and desk follow beside the reading, as far as all partitions have come. The log is the truth: what was
killed goes on from it; log, tellings and desk keep their positions with what they did, and folds fold once more.
"""
