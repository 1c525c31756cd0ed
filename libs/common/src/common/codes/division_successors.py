"""Which division took over from one whose code was given up: the counties and the city of Shandong since 2012.

python-stdnum's table has the years of a code and not what followed it. Sources: the approvals of the State Council on
changes of divisions. A code that was given up earlier has no successor here, and nobody applies under it any more.
"""

from typing import Final

from common.codes.division_table import division_in

SUCCESSORS: Final = {
    "370125": "370115",  # 济阳县, 济阳区 since 2018
    "370181": "370114",  # 章丘市, 章丘区 since 2016
    "370205": "370203",  # 四方区, merged into 市北区 in 2012
    "370282": "370215",  # 即墨市, 即墨区 since 2017
    "370284": "370211",  # 胶南市, merged into 黄岛区 in 2012
    "370521": "370505",  # 垦利县, 垦利区 since 2016
    "370634": "370614",  # 长岛县, merged with 蓬莱市 into 蓬莱区 in 2020
    "370684": "370614",  # 蓬莱市
    "370802": "370811",  # 市中区, merged into 任城区 in 2013
    "370882": "370812",  # 兖州市, 兖州区 since 2013
    "371081": "371003",  # 文登市, 文登区 since 2014
    "371200": "370100",  # 莱芜市, merged into 济南市 by the end of 2018
    "371202": "370116",  # 莱城区, 莱芜区 of 济南市
    "371203": "370117",  # 钢城区, 钢城区 of 济南市
    "371421": "371403",  # 陵县, 陵城区 since 2014
    "371523": "371503",  # 茌平县, 茌平区 since 2019
    "371624": "371603",  # 沾化县, 沾化区 since 2014
    "371626": "371681",  # 邹平县, 邹平市 since 2018
    "371727": "371703",  # 定陶县, 定陶区 since 2016
}
"""The codes that were given up, each with the code of the division that took over in the last year of the old one."""


def division_of(code: str, year: int) -> str:
    """Return the division to which what belonged to this one belongs in a year: itself while its code is in use.

    In the year of the change, in which both codes are right, it is still the old one.
    """
    while code in SUCCESSORS and division_in(code, year) is None and division_in(SUCCESSORS[code], year) is not None:
        code = SUCCESSORS[code]
    return code
