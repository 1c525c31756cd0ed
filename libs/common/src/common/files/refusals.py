"""Refusals: a file that may not be stored, or that does not exist."""

from common.kernel.errors import Invalid, NotFound


class FileTooLarge(Invalid):
    """The file has more bytes than are allowed where it is attached."""

    code = "file-too-large"
    zh = "文件超过 {limit} 字节的上限。"
    en = "The file has more than {limit} bytes."


class FileTypeNotTaken(Invalid):
    """The file's content is of no media type that is allowed where the file is attached."""

    code = "file-type-not-taken"
    zh = "文件类型不被接受，可接受的类型为：{allowed}。"
    en = "The file is of none of these types: {allowed}."


class FileUnreadable(Invalid):
    """The file is a PDF or an image that cannot be opened.

    It is damaged or not whole, has no page or no pixel, or too many pixels, or asks for a password.
    """

    code = "file-unreadable"
    zh = "文件无法打开：可能已损坏或不完整、没有页面或像素、像素过多，或设有打开密码。"
    en = "The file cannot be opened: it is damaged or not whole, has no page or pixel, too many pixels, or a password."


class FileMissing(NotFound):
    """No file has this digest."""

    code = "file-missing"
    zh = "找不到该文件。"
    en = "There is no such file."
