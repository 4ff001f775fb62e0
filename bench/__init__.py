"""Measurements: labelled data in, figures out; nothing here ships."""
