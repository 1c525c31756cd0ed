"""The launcher's use of the machine: the data folder, the port, and the check of the requirements."""
