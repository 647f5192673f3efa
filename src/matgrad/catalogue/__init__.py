"""The operators: one record each, data only.

Floor 1.  Importing this package fills `OPERATORS`.
"""

from matgrad.catalogue import activations as activations
from matgrad.catalogue import algebra as algebra
from matgrad.catalogue import averages as averages
from matgrad.catalogue import blocks as blocks
from matgrad.catalogue import complex as complex
from matgrad.catalogue import cumulative as cumulative
from matgrad.catalogue import diagonals as diagonals
from matgrad.catalogue import eigen as eigen
from matgrad.catalogue import extremes as extremes
from matgrad.catalogue import factors as factors
from matgrad.catalogue import functions as functions
from matgrad.catalogue import germs as germs
from matgrad.catalogue import indexed as indexed
from matgrad.catalogue import linalg as linalg
from matgrad.catalogue import norms as norms
from matgrad.catalogue import orders as orders
from matgrad.catalogue import pairs as pairs
from matgrad.catalogue import products as products
from matgrad.catalogue import reductions as reductions
from matgrad.catalogue import scalar as scalar
from matgrad.catalogue import spectral as spectral
from matgrad.catalogue import stacking as stacking
from matgrad.catalogue import statistics as statistics
from matgrad.catalogue import structure as structure
from matgrad.catalogue import triangles as triangles
from matgrad.catalogue import vectors as vectors
from matgrad.catalogue.record import NOTATIONS as NOTATIONS
from matgrad.catalogue.record import OPERATORS as OPERATORS
