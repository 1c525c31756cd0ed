"""`python -m review_service api|worker|migrate`."""

from common.process.main import main
from review_service.service import SERVICE

if __name__ == "__main__":
    main(SERVICE)
