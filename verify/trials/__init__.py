"""What may support or refute a statement: instances, descents, properties, networks."""
