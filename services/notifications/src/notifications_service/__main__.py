"""`python -m notifications_service api|worker|migrate`."""

from common.process.main import main
from notifications_service.service import SERVICE

if __name__ == "__main__":
    main(SERVICE)
