"""Logs and traces for operators, and the ids that connect them."""
