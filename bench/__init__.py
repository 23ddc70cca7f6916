"""Every figure in the documents has a command here that prints it: python -m bench.<name>."""
