"""Why the feed cannot be read."""

from common.errors import Invalid


class FeedCursorInvalid(Invalid):
    """The cursor was not given by this feed."""

    code = "feed-cursor-invalid"
    pointer = "/after"
    zh = "游标无效，请使用上一页返回的 next_cursor。"
    en = "The cursor is not one of this feed; use the next_cursor of the page before."
