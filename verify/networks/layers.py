"""An MLP forwards, and backwards one layer at a time.

Rows come last but one: x is (…, rows, in), weights are (…, out, in), where … is nothing or a stack of networks. The
derivative of an activation is written in its *value*, so that nothing but the values is kept for the reverse sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["ACTIVATIONS", "Activation", "mlp"]


@dataclass(frozen=True)
class Activation:
    """The function a = value(h), and its slope da/dh in terms of a; one that is `analytic` takes complex arguments."""

    value: Callable[[Any], Any]
    slope: Callable[[Any], Any] | None
    analytic: bool = True


def _softplus(h: Any) -> Any:
    return np.log1p(np.exp(h)) if np.iscomplexobj(h) else np.logaddexp(h, 0).astype(h.dtype, copy=False)


def _relu(h: Any) -> Any:
    return np.where(h.real > 0, h, 0) if np.iscomplexobj(h) else np.maximum(h, 0, out=h)


ACTIVATIONS: Mapping[str, Activation] = {
    "relu": Activation(_relu, lambda a: a > 0, analytic=False),
    "tanh": Activation(lambda h: np.tanh(h, out=h), lambda a: 1 - a * a),
    "softplus": Activation(_softplus, lambda a: -np.expm1(-a)),
    "linear": Activation(lambda h: h, None),
}

Back = Callable[..., Any]


def mlp(P: Mapping[str, Any], name: str, depth: int, kind: str, x: Any) -> tuple[Any, Back]:
    """(output (…, rows, out), back) of the MLP called `name` with `depth` layers; the last layer is linear.

    back(delta, G, inputs=True) takes dL/d output, writes dL/dW and dL/db into the arrays of G, and returns dL/dx. If
    `inputs` is false it returns None, which saves the largest product.
    """
    activation = ACTIVATIONS[kind]
    values = [x]
    for k in range(depth):
        h = values[-1] @ P[f"{name}.W{k}"].swapaxes(-1, -2)
        h += P[f"{name}.b{k}"][..., None, :]
        values.append(activation.value(h) if k < depth - 1 else h)

    def back(delta: Any, G: Mapping[str, Any], inputs: bool = True) -> Any:
        for k in reversed(range(depth)):
            G[f"{name}.W{k}"][...] = delta.swapaxes(-1, -2) @ values[k]
            G[f"{name}.b{k}"][...] = delta.sum(-2)
            if k or inputs:
                delta = delta @ P[f"{name}.W{k}"]
            if k and activation.slope is not None:
                delta *= activation.slope(values[k])
        return delta if inputs else None

    return values[-1], back
