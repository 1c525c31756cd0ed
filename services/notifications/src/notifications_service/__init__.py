"""The notifications service of Mingpai."""
