"""From the ranked list to the announcement: notice, objections, deliberation."""
