"""代码例外: codes that were really given although their check character is wrong, admitted by an officer."""
