"""The refusal of a file for which its organisation has no room left."""

from common.kernel.errors import Conflict


class FileQuotaExceeded(Conflict):
    """The organisation's files would exceed what it may store."""

    code = "file-quota-exceeded"
    zh = "贵单位已存文件 {used} 字节，上限为 {limit} 字节，无法再存入本文件（{size} 字节）。"
    en = "Your organisation stores {used} of {limit} bytes; this file of {size} bytes does not fit."
