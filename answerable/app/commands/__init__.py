"""One module a verb: options and run."""
