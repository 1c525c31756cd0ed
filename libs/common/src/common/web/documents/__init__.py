"""The documentation of the API: the OpenAPI document with examples, and pages."""
