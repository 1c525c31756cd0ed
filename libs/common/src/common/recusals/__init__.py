"""Recusals (回避): one rule for everybody who acts on a case, in every service that holds cases."""
