"""The Matrix Cookbook, sections 8 and 10: Gaussian densities, the exponential of a matrix.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook.entry import Identity, Section

FURTHER = (
    Section(
        "8.1.1",
        "Gaussians: density and normalization",
        (
            Identity(
                "",
                "d/dx p",
                "-p*inv(S)*(x - m)",
                "S pd",
                where="p = exp(-(x - m)'*inv(S)*(x - m)/2)/sqrt(det(2*pi*S))",
            ),
            Identity(
                "",
                "d2/dxdx p",
                "p*(inv(S)*(x - m)*(x - m)'*inv(S) - inv(S))",
                "S pd",
                where="p = exp(-(x - m)'*inv(S)*(x - m)/2)/sqrt(det(2*pi*S))",
            ),
            Identity(
                "",
                "d/dm -(x - m)'*inv(S)*(x - m)/2 - log(det(2*pi*S))/2",
                "inv(S)*(x - m)",
                "S pd",
                note="of the log density",
            ),
        ),
    ),
    Section(
        "8.1.3",
        "Gaussians: conditional distribution",
        (
            Identity(
                "",
                "d/dC tr(A - C*inv(B)*C')",
                "-2*C*inv(B)",
                "B symmetric; A: m m",
                note="the trace of the conditional covariance",
            ),
        ),
    ),
    Section(
        "8.2.2",
        "Gaussians: mean and variance of square forms",
        (
            Identity(
                "",
                "d/dA tr(A*S*B') + (A*m + a)'*(B*m + b)",
                "B*S + (B*m + b)*m'",
                "S symmetric",
                note="the mean of an inner product of affine forms",
            ),
        ),
    ),
    Section(
        "8.3.3",
        "Gaussians: entropy",
        (
            Identity(
                "", "d/dS log(det(2*pi*S))/2 + n/2", "inv(S)/2", "S: n n pd", note="the entropy"
            ),
        ),
    ),
    Section(
        "8.4.2",
        "Gaussians: mixtures, derivatives",
        (
            Identity(
                "",
                "d/dr1 log(r1*N1 + r2*N2)",
                "N1/(r1*N1 + r2*N2)",
                (
                    "r1: scalar positive; r2: scalar positive; N1: scalar positive; "
                    "N2: scalar positive"
                ),
            ),
            Identity(
                "",
                "d/dm1 log(r1*N1 + r2*N2)",
                "r1*N1/(r1*N1 + r2*N2)*(inv(S1)*(s - m1))",
                "S1 pd; S2 pd; r1: scalar; r2: scalar",
                where=(
                    "N1 = exp(-(s - m1)'*inv(S1)*(s - m1)/2)/sqrt(det(2*pi*S1)), "
                    "N2 = exp(-(s - m2)'*inv(S2)*(s - m2)/2)/sqrt(det(2*pi*S2))"
                ),
            ),
        ),
    ),
    Section(
        "10.1.5",
        "Exponential matrix function",
        (
            Identity("500", "d/dt expm(t*A)", "A*expm(t*A)"),
            Identity("501", "d/dt tr(expm(t*A))", "tr(A*expm(t*A))"),
        ),
    ),
)
