"""The register of titles: brands, their holders, and the programme editions they follow."""
