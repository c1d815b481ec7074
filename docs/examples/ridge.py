"""A true theorem outside VAEs. Ridge regression: W = YXᵀ(XXᵀ + αI)⁻¹ minimises ‖WX − Y‖² + α‖W‖².

Audit it:  collapse-audit check docs/examples/ridge.py
"""

from sympy import Identity, MatrixSymbol, Symbol, Trace

from derivations.claim import Claim, Minimum, Variable
from derivations.nodes import square

m, n, k = (Symbol(name, integer=True, positive=True) for name in ("m", "n", "k"))  # shapes: any positive integers
X = MatrixSymbol("X", n, k)
Y = MatrixSymbol("Y", m, k)
W = MatrixSymbol("W", m, n)
alpha = Symbol("alpha", positive=True)

loss = square(W * X - Y) + alpha * square(W)
gram = X * X.T + alpha * Identity(n)
ridge = Y * X.T * gram.inverse()

CLAIM = Claim(
    id="ridge-regression",
    title="ridge regression in closed form",
    source="Hoerl and Kennard, 1970",
    text="W = YXᵀ(XXᵀ + αI)⁻¹ minimises ‖WX − Y‖² + α‖W‖².",
    variables=(Variable(X), Variable(Y), Variable(alpha)),
    statements=(
        # Convexity is seen from the expression, so that a zero gradient proves the theorem …
        Minimum("closed form", loss, at={W: ridge}),
        # … and the distance from the minimum is a sum of squares, an argument that needs no convexity.
        Minimum("by squares", loss, at={W: ridge}, excess=(Trace((W - ridge) * gram * (W - ridge).T),)),
    ),
)
