"""Puts the parts together: what a process of Tieout is made of."""
