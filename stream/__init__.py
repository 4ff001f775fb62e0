"""How bytes travel: an ordered log in partitions, state beside it, and the worker between."""
