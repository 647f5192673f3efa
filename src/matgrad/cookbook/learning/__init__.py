"""Gradients of machine learning and statistics, as papers and textbooks write them.

Floor 4, data only.
"""

from matgrad.cookbook.entry import Source
from matgrad.cookbook.learning.networks import NETWORKS
from matgrad.cookbook.learning.optimization import OPTIMIZATION
from matgrad.cookbook.learning.regression import REGRESSION
from matgrad.cookbook.learning.statistics import STATISTICS

LEARNING = Source(
    "ml",
    "Machine learning and statistics",
    "as papers and textbooks write them",
    "gradient",
    (*REGRESSION, *NETWORKS, *STATISTICS, *OPTIMIZATION),
)
