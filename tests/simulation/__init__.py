"""Seeded worlds in virtual time: the product's own code, simulators under its wire, faults of every kind, an auditor."""
