"""From official scores to a list within its quota: order, ties, reserve, explanations."""
