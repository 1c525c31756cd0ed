"""What the services stand on goes away under load: the broker killed or frozen, PostgreSQL killed."""

import asyncio

import pytest

from support.trial import Trial
