"""Derivations made: from an answer back to lines a reader follows.

Floor 4.
"""
