"""The cookbook: the identities of the books, typed by hand in the project's own language.

Floor 4, data only, and above the engine: nothing that derives, shortens or proves can look an
answer up.  `matgrad cookbook` derives every one of them on the spot and compares.
"""

from matgrad.cookbook.entry import Identity as Identity
from matgrad.cookbook.entry import Section as Section
from matgrad.cookbook.entry import Source as Source
from matgrad.cookbook.giles import GILES
from matgrad.cookbook.learning import LEARNING
from matgrad.cookbook.magnus import MAGNUS
from matgrad.cookbook.manifolds import MANIFOLDS
from matgrad.cookbook.matrix_cookbook import MATRIX_COOKBOOK
from matgrad.cookbook.minka import MINKA
from matgrad.cookbook.mml import MML
from matgrad.cookbook.questions import QUESTIONS
from matgrad.cookbook.wikipedia import WIKIPEDIA

SOURCES = (MML, MATRIX_COOKBOOK, MAGNUS, MINKA, GILES, WIKIPEDIA, MANIFOLDS, LEARNING, QUESTIONS)

# What readers call what the texts spell otherwise.
WORDS = (
    ("determinant", ("det(",)),
    ("eigenvalue", ("eig", "perron(")),
    ("exponential", ("exp",)),
    ("hadamard", (".*",)),
    ("hessian", ("d2/",)),
    ("inverse", ("inv(", "\\")),
    ("kronecker", ("kron(",)),
    ("logarithm", ("log",)),
    ("singular value", ("svd", "normnuc(")),
    ("trace", ("tr(",)),
)
