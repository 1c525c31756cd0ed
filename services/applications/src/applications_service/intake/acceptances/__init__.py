"""受理终结: the end of a round's acceptance, after which its review may draw."""
