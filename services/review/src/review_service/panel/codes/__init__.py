"""代码例外: codes that an officer admitted although their check character is wrong, learned by event."""
