"""Rules tried on posts of the past: what would have been sent, and how that fits what people know happened.

The posts go through the same border, folds and desk as in a replay, in a folder that is gone afterwards.
"""
