"""登记: the registration of each recognised title, which waits until its grounds are known."""
