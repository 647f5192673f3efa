"""What goes wrong in claims, by name.

Floor 4.
"""

TRANSPOSE = "wrong transpose"
LAYOUT = "wrong layout"
SHAPE = "wrong shape"
FACTOR = "missing factor"
CHAIN = "missing chain factor"
TERM = "missing term"
SYMMETRY = "symmetric assumption missing"
ORDER = "wrong order"
SIGN = "wrong sign"
CONVENTION = "wrong convention"
FUNCTION = "wrong function"
