"""获证单位: the holders of titles."""
