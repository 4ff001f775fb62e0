"""Pure parsers: response text in, raw items out."""
