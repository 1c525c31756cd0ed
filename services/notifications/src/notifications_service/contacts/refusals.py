"""Why a contact cannot be had or changed."""

from common.errors import NotAllowed, NotFound


class ContactNotFound(NotFound):
    """The organisation named nobody, or is not the actor's own."""

    code = "contact-not-found"
    zh = "未找到单位 {key} 的联系人。"
    en = "There is no contact for {key}."


class NotYourContact(NotAllowed):
    """One speaks for one's own organisation only."""

    code = "not-your-contact"
    zh = "只能为本单位登记联系人。"
    en = "You can name a contact for your own organisation only."
