"""The rules of a programme in words, in both languages, for people who read no definition."""
