"""综合评价: the ranked list of a round, cut at the quota."""
