"""One linear model, trained by Adam in PyTorch: the script that a researcher would write, one instance a process.

    python researcher.py INSTANCE.npz MODEL TARGET

It stops at the loss TARGET (which a researcher would not know: this spares it the steps that would show that it has
converged) or after 5,000 steps, and prints the loss and the seconds that training took, imports excluded.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import torch

LEARNING_RATE, STEPS = 0.1, 5000  # of what was tried, this came nearest


class LinearModel(torch.nn.Module):
    """Encoder, decoder and log variances of a linear VAE, CVAE or two-level hierarchy; `forward` is the loss F."""

    def __init__(self, model: str, data: dict[str, torch.Tensor], start: torch.Tensor) -> None:
        super().__init__()
        self.model, self.data = model, data
        d = data["K" if model == "CVAE" else "Z"].shape[0]
        self.maps = torch.nn.ParameterList([m.reshape(d, d) for m in start[:-d].split(d * d)])
        self.logvar = torch.nn.Parameter(start[-d:])

    def forward(self) -> torch.Tensor:
        data, variance, eye = self.data, self.logvar.exp(), torch.eye(len(self.logvar), dtype=torch.float64)
        Sigma = torch.diag(variance)
        noise = data["eta_dec"] ** 2
        ratio = noise / data["eta_enc"] ** 2
        if self.model == "VAE":
            U, V = self.maps
            fit = (U @ V - data["Z"]).square().sum() + torch.trace(U @ Sigma @ U.T)
            return fit + data["beta"] * (ratio * (V.square().sum() + variance.sum()) - noise * self.logvar.sum())
        if self.model == "CVAE":
            U1, W2, U2, W1 = self.maps
            K, M = data["K"], data["M"]
            on_x, on_r, mean = U1 @ (W1 + W2 @ K) + U2 - K, U1 @ W2 - eye, W1 + W2 @ K
            fit = on_x.square().sum() + torch.trace(on_r @ M @ on_r.T) + torch.trace(U1 @ Sigma @ U1.T)
            moment = mean.square().sum() + torch.trace(W2 @ M @ W2.T) + variance.sum()
            return fit + data["beta"] * (ratio * moment - noise * self.logvar.sum())
        U1, V, U2, W2 = self.maps
        fixed = data["sigma_1"] ** 2
        moment, gap = V @ V.T + fixed * eye, U2 @ W2 - eye
        fit = (U1 @ V - data["Z"]).square().sum() + fixed * U1.square().sum()
        middle = torch.trace(gap @ moment @ gap.T) + torch.trace(U2 @ Sigma @ U2.T) - noise * len(eye) * fixed.log()
        top = ratio * (torch.trace(W2 @ moment @ W2.T) + variance.sum()) - noise * self.logvar.sum()
        return fit + data["beta"] * middle + data["beta_2"] * top


def train(network: LinearModel, target: float) -> float:
    """The last loss."""
    optimiser = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss = network()
        if loss.item() <= target:
            break
        loss.backward()
        optimiser.step()
        schedule.step()
    return loss.item()


def main() -> None:
    """Read the instance, train, print."""
    path, model, target = sys.argv[1:]
    with np.load(path) as file:
        data = {name: torch.as_tensor(file[name], dtype=torch.float64) for name in file.files}
    start = data.pop("start")
    began = time.perf_counter()
    loss = train(LinearModel(model, data, start), float(target))
    print(repr(loss), time.perf_counter() - began)  # noqa: T201


if __name__ == "__main__":
    main()
