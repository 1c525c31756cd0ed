"""The typed values that request models, event contracts and programmes share: days, instants, numbers, keys."""
