"""评分表: one expert's scores for one application, sealed when handed in."""
