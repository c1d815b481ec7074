"""For people who train VAEs: data, forecasts, sweeps, loss conventions, and diagnoses of trained models."""
