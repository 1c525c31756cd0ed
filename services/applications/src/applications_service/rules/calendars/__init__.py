"""工作日历: the holidays and shifted workdays of a year, by which every term is counted."""
