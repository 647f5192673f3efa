"""Faults seeded in records, each of which the test named after the record must notice."""
