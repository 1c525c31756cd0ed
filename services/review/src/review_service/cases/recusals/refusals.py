"""The refusals of reading, declaring or lifting a recusal."""

from common.kernel.errors import NotAllowed, NotFound, Refused


class RecusalNotFound(NotFound):
    """There is no such recusal, or the actor may not see it."""

    code = "recusal-not-found"
    zh = "未找到回避记录 {key}。"
    en = "There is no recusal {key}."


class RecusalLiftedAlready(Refused):
    """A recusal is lifted once."""

    code = "recusal-lifted"
    zh = "该回避已经解除。"
    en = "The recusal has been lifted."


class RecusalOfAnother(NotAllowed):
    """Everybody declares his own recusal; those who supervise the procedure declare that of others too."""

    code = "recusal-of-another"
    zh = "您只能为本人申报回避；他人的回避由认定机构、领导小组办公室或者观察员决定。"
    en = "You declare your own recusal; that of another person is decided by the recognition body, office or observers."


class LiftedByAnother(NotAllowed):
    """Nobody lifts the recusal that binds himself."""

    code = "lifted-by-another"
    zh = "本人的回避须由他人解除。"
    en = "Another person lifts the recusal that binds you."
