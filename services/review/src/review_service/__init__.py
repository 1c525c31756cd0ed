"""The review service of Mingpai."""
