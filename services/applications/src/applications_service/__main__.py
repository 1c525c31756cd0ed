"""`python -m applications_service api|worker|migrate`."""

from common.service import main
from applications_service.service import SERVICE

if __name__ == "__main__":
    main(SERVICE)
