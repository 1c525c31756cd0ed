"""The refusals of reading or changing a contact."""

from common.kernel.errors import NotAllowed, NotFound


class ContactNotFound(NotFound):
    """The organisation has named no contact, or it is not the actor's own."""

    code = "contact-not-found"
    zh = "未找到单位 {key} 的联系人。"
    en = "There is no contact for {key}."


class NotYourContact(NotAllowed):
    """An actor may name a contact only for his own organisation."""

    code = "not-your-contact"
    zh = "只能为本单位登记联系人。"
    en = "You can name a contact for your own organisation only."
