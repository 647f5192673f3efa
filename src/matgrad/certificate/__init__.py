"""Derivations as certificates: what one is, its check, its file and its print.

Floor 4.  It knows no derivative rule: imports of core, catalogue, notation and proof only.
"""
