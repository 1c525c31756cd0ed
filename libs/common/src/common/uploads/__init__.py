"""Uploads: the bytes of a file are stored only while a row accounts for them, within its organisation's quota."""
