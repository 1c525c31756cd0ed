"""One origin: pages, documents and services behind one port, in this process or in others."""
