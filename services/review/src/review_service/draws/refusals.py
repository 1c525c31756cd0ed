"""Why a draw cannot be had or made."""

from common.errors import NotFound, Refused


class DrawNotFound(NotFound):
    """No such draw."""

    code = "draw-not-found"
    zh = "未找到抽取记录 {key}。"
    en = "There is no draw {key}."


class NothingToDraw(Refused):
    """No case of the round waits for a panel."""

    code = "nothing-to-draw"
    zh = "本届没有等待组成评审组的申报。"
    en = "No case of this round waits for a panel."


class PanelCannotBeFilled(Refused):
    """Too few experts are free of conflicts for one application."""

    code = "panel-cannot-be-filled"
    zh = "申报 {application} 需要 {needed} 名专家，回避后仅余 {eligible} 名。"
    en = "The application {application} needs {needed} experts; {eligible} are free of conflicts."
