"""联系人: whom an organisation wants to be written to."""
