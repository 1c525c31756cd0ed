"""机构: the organisations that recommend, recognise and supervise; reference data of the province."""
