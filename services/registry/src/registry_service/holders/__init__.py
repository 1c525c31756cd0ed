"""获证单位: who holds which titles."""
