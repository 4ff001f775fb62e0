"""A city that does not exist, for the demo and the tests: its pages, its offices, its few days of talk."""
