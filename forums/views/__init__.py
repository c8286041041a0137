"""Pages of the poverty forum."""
