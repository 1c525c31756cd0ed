"""The HTTP layer of all services: routes, strict input, problems, tokens, pages, limits and documents."""
