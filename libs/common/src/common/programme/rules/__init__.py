"""Eligibility and veto rules, and the answers they read: CEL expressions and form schemas."""
