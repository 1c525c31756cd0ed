"""The core path played over HTTP as its different actors: the demo of `make run`, and the stories of the tests."""
