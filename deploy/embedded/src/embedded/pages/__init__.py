"""The launcher's own pages."""
