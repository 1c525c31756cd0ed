"""HTTP as every service speaks it: routes, strict input, problems, tokens, pages, limits and documents."""
