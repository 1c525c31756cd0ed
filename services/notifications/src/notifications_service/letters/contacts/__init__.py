"""联系人: the person who receives an organisation's messages."""
