"""The node types that a workflow is drawn from: one file each."""
