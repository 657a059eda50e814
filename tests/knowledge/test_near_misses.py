"""One key term swapped for another: never an answer. And the clean questions: hardly ever a refusal.

No score tells "QFLP pilots" from "QDLP pilots"; only the veto of what an entry does not explain does.
"""

import random
import re
from collections.abc import Callable

import pytest

from knowledge.engine import Knowledge
from knowledge.outcome import Answer, Outcome
from tests.conftest import MEASURED
from tests.knowledge.questions import clean

SEED = 20260114
GENERATED = 500
MOST_REFUSED = 0.02
Record = Callable[[str, object], None]

PLACES_EN = (
    "Wuhan Chengdu Shanghai Shenzhen Kunming Perth Turin Lagos Lima Oslo Kyoto Surabaya Jakarta Hanoi Guiyang Xian "
    "Toronto Nairobi Lisbon Zorbia Qaltown Vexland Port-Alden"
).split()
PLACES_ZH = "武汉 成都 上海 深圳 昆明 西安 贵阳 广州 北京 东京 伦敦 河内 曼谷 香港 青岛 大理".split()
PARTIES_EN = "Japan Malaysia Germany Vietnam Thailand France Canada Brazil Kenya Zorbia EU OPEC BRICS MERCOSUR".split()
PARTIES_ZH = "日本 马来西亚 德国 越南 泰国 法国 加拿大 巴西 欧盟 金砖国家 非盟".split()
ACRONYMS = "QFLP QMLP QDII QDIE RQFII QFII XDLP QDLM QDLB QTLP WFOE SPAC ETF".split()
MEASURES_EN = "profit employees tax branches-opened-by-robots penguins dividends patents flights hospitals".split()
MEASURES_ZH = "利润 员工 税收 专利 医院 航班 企鹅 学校 汽车".split()
YEARS_EN = ["in 2019", "in 2023", "last year", "in the first quarter", "as of 2021", "before 2020"]
YEARS_ZH = ["2019年", "去年", "2023年", "上个月", "今年一季度", "2020年底"]

KEY_TERMS = [
    (re.compile(r"\bqdlp\b", re.IGNORECASE), [ACRONYMS], [ACRONYMS]),
    (re.compile(r"\bchongqing\b", re.IGNORECASE), [PLACES_EN], []),
    (re.compile(r"重庆|在渝"), [], [PLACES_ZH]),
    (re.compile(r"\b(?:asean|singapore|southeast asian)\b(?! enterprise)", re.IGNORECASE), [PARTIES_EN], []),
    (re.compile(r"东盟|新加坡"), [], [PARTIES_ZH]),
    (
        re.compile(
            r"\b(?:quota|policies|bonds|branches|pilots?|institutions|financing cost|licen[cs]e)\b", re.IGNORECASE
        ),
        [MEASURES_EN],
        [],
    ),
    (re.compile(r"额度|政策|债券|分行|机构|联合体|牌照|成本"), [], [MEASURES_ZH]),
]


CHOICE = re.compile(r"\bor\b|还是")
"""A choice of which one side is changed is settled by the other: "a loan or a school?" is a loan."""


def swaps(question: str, rng: random.Random) -> list[str]:
    """The question with exactly one key term replaced by something else, once for each key term in it."""
    chinese = re.search("[\u4e00-\u9fff]", question) is not None
    changed = []
    for pattern, english, translated in () if CHOICE.search(question) else KEY_TERMS:
        others = translated if chinese else english
        if pattern.search(question) and others:
            changed.append(pattern.sub(rng.choice(rng.choice(others)), question, count=1))
    if chinese:
        changed.append(rng.choice(YEARS_ZH) + question)
    else:
        changed.append(f"{question.rstrip('?')} {rng.choice(YEARS_EN)}?")
        changed.append(f"{question.rstrip('?')} in {rng.choice(PLACES_EN)}?")
    return changed


def is_about_a_fact(outcome: Outcome) -> bool:
    """Not about the article itself: "published in 2019?" is a claim that has an answer."""
    return outcome.kind == "answer" and not any(fact.startswith("meta-") for fact in outcome.facts)


def is_answered(outcome: Outcome) -> bool:
    """Whether it is answered as a whole: of two questions in one message the changed one may be refused by itself."""
    return isinstance(outcome, Answer) and not outcome.not_stated


@pytest.fixture(scope="module")
def near_misses(knowledge: Knowledge) -> list[str]:
    rng = random.Random(SEED)
    questions = [each for each in clean(knowledge) if is_about_a_fact(knowledge.answer(each))]
    rng.shuffle(questions)
    found: dict[str, None] = {}
    while len(found) < GENERATED:
        for question in questions:
            for changed in swaps(question, rng):
                found[changed if rng.random() < 0.5 else changed.lower()] = None
    return list(found)[:GENERATED]


def test_a_swapped_key_term_is_never_answered(
    knowledge: Knowledge, near_misses: list[str], record_property: Record
) -> None:
    answered = [each for each in near_misses if is_answered(knowledge.answer(each))]
    record_property(MEASURED, f"generated near misses: {len(answered)} of {len(near_misses)} answered")
    assert len(near_misses) == GENERATED
    assert answered == []


def test_clean_questions_are_hardly_ever_refused(knowledge: Knowledge, record_property: Record) -> None:
    questions = clean(knowledge)
    refused = [each for each in questions if knowledge.answer(each).kind == "none"]
    record_property(MEASURED, f"clean questions: {len(refused)} of {len(questions)} refused")
    assert len(questions) > 250
    assert len(refused) <= MOST_REFUSED * len(questions), refused
