"""`python -m registry_service api|worker|migrate`."""

from common.process.main import main
from registry_service.service import SERVICE

if __name__ == "__main__":
    main(SERVICE)
