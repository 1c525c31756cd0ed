"""机构: who recommends, recognises, supervises; reference data of the province."""
