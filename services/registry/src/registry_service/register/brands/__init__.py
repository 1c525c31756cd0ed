"""称号: a title of a holder, from registration to exit; its history is never deleted."""
