from datetime import timedelta

from notifications_service.letters.contacts.model import Contact
from support.service.alone import START


def test_another_person_replaces_the_one_before_without_an_event() -> None:
    contact = Contact(id="91370102FAKE00013R", name="甲", email="a@firm.example.test", changed_at=START)
    later = START + timedelta(days=1)

    contact.name_person(name="乙", email="b@firm.example.test", at=later)

    assert (contact.name, contact.email, contact.changed_at) == ("乙", "b@firm.example.test", later)
    assert [(one.action, one.event, one.reason) for one in contact.recorded] == [("name_contact", None, None)]


def test_a_person_who_was_named_earlier_does_not_replace_the_contact() -> None:
    contact = Contact(id="91370102FAKE00013R", name="甲", email="a@firm.example.test", changed_at=START)

    contact.name_person(name="乙", email="b@firm.example.test", at=START - timedelta(seconds=1))

    assert (contact.name, contact.email, contact.changed_at) == ("甲", "a@firm.example.test", START)
    assert contact.recorded == []
