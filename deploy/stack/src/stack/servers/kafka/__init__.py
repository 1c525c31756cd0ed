"""The broker of the distributed shape: its jars, its process, its topics, and the rights to them."""
