"""Kibana boards on the facts: one description, from which come saved objects, the check of them, and every query."""
