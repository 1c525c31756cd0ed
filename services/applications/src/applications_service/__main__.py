"""`python -m applications_service api|worker|migrate`."""

from applications_service.service import SERVICE
from common.process.main import main

if __name__ == "__main__":
    main(SERVICE)
