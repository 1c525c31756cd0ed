"""The applications service of Mingpai."""
