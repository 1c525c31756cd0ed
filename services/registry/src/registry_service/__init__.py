"""The registry service of Mingpai."""
