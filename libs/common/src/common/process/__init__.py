"""Running a service as a process: settings make the ports, ports the runtime, the runtime the api and the worker."""
