"""The broker of the distributed shape: its jars, its process, its topics, and who may do what with them."""
