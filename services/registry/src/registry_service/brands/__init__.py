"""称号: a title held, from registration to exit; nothing that was in force disappears."""
