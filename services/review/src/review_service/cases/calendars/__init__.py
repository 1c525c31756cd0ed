"""工作日历: the calendars by which this service counts its terms, learned from the applications service."""
