"""Chinese typed in Latin letters is read; names and English that happen to be pinyin are not."""

import pytest

from tests.knowledge.conftest import Ask, Read


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("kuajing rongzi zong'e", "xborder-financing"),
        ("xinjiapo zai chongqing de jinrong jigou you duoshao jia", "sg-institutions"),
        ("chongqing qdlp edu duoshao", "qdlp-quota"),
        ("shidian qiye you jijia", "qdlp-enterprises"),
        ("dongmeng yinhang fenhang you ji jia", "asean-bank-branches"),
    ],
)
def test_a_question_in_pinyin_is_answered_in_chinese(ask: Ask, question: str, fact: str) -> None:
    outcome = ask(question)
    assert (outcome.kind, outcome.language) == ("answer", "zh-Hans")
    assert fact in outcome.facts


@pytest.mark.parametrize("city", ["Yichang", "Zibo", "Heze", "Dali", "Xiangyang", "Linyi"])
def test_a_city_is_no_pinyin_of_a_harmless_word(ask: Ask, city: str) -> None:
    assert ask(f"how many QDLP pilots in {city}?").kind == "none"
    assert ask(f"{city} QDLP quota").kind == "none"


def test_english_stays_english(ask: Ask, read: Read) -> None:
    outcome = ask("how many QDLP pilots in Chongqing?")
    assert outcome.language == "en"
    assert read("can he name the banks in the city").normalised == "can he name the banks in the city"
