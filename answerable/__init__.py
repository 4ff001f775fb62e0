"""The ground floor: the values that travel, and what every room stands on."""

__version__ = "0.1.0"
