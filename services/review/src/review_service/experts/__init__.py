"""专家: who may be drawn, and with whom he must not be matched."""
