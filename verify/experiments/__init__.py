"""The paper's experiments, and those its summary calls for: grids of settings, theory beside measurement in each cell.

An `Experiment` is data: its axes, what is measured in a cell, what must hold over all of them. `run` works through the
cells, keeps each as it is finished, and judges the expectations; `catalogue` names them all.
"""
