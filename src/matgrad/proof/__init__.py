"""Proof: answers and claims checked by evaluation, from what every operator means.

Floor 4.  It knows no derivative rule of the calculus and never reads the catalogue's.
"""

from matgrad.proof.definitions import define as define
from matgrad.proof.evaluation import evaluate as evaluate
from matgrad.proof.prove import prove as prove
from matgrad.proof.prove import same as same
from matgrad.proof.result import Proof as Proof
