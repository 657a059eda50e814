"""Misspelt words: what must be repaired, and what must never be."""

import pytest

from knowledge import text
from knowledge.engine import Knowledge
from knowledge.spelling import Speller
from tests.knowledge.conftest import Ask, Read

REPAIRS = [
    ("enterprizes", "enterprise"),
    ("brnches", "branch"),
    ("pilto", "pilot"),
    ("quoat", "quota"),
    ("financng", "financing"),
    ("consortum", "consortium"),
    ("insitutions", "institution"),
    ("singpore", "singapore"),
    ("chonqing", "chongqing"),
    ("fintehc", "fintech"),
    ("agreemnt", "agreement"),
    ("asaen", "asean"),
    ("qdpl", "qdlp"),
    ("qldp", "qdlp"),
    ("shenzen", "shenzhen"),
]


@pytest.fixture(scope="module")
def speller(knowledge: Knowledge) -> Speller:
    return knowledge._reader._speller


@pytest.mark.parametrize(("written", "meant"), REPAIRS)
def test_a_misspelt_word_is_repaired(speller: Speller, written: str, meant: str) -> None:
    assert speller.repair(written) == (meant,)


def test_a_space_left_out_is_put_back(speller: Speller) -> None:
    assert speller.repair("bankbranches") == ("bank", "branch")


FOREIGN = """
    Wuhan Perth Turin Lagos Lima Oslo Kyoto Delhi Mumbai Quito Lisbon Chengdu Shanghai Hainan Hanoi Jakarta
    QFLP QMLP QDII QDIE RQDLP QFII XDLP QDLB QDLM
    border theatre part duck rent pure
""".split()


@pytest.mark.parametrize("word", FOREIGN)
def test_a_real_name_or_another_acronym_is_never_made_into_a_word_of_the_article(
    knowledge: Knowledge, read: Read, word: str
) -> None:
    usual = {sense for entry in knowledge.entries.values() for concepts in entry.identified for sense in concepts}
    for written in (word, word.lower(), word.upper()):
        for span in read(f"{written} quota").spans:
            if text.normalise(written) in span.text:
                assert word == "Hainan" or not set(span.senses) & usual, (written, span)


@pytest.mark.parametrize("word", ["Wuhan", "perth", "QFLP", "qflp", "QMLP", "qmlp", "XDLP", "Turin", "turin", "lima"])
@pytest.mark.parametrize(
    "question", ["{} quota", "how many QDLP pilots in {}", "how many {} pilots", "{} QDLP额度多少"]
)
def test_a_question_with_a_foreign_name_is_not_answered(ask: Ask, word: str, question: str) -> None:
    assert ask(question.format(word)).kind == "none"


def test_three_letters_are_too_few_to_repair(speller: Speller) -> None:
    assert speller.repair("qtb") == ()


def test_a_space_that_slipped_is_put_back(ask: Ask) -> None:
    reply = ask("ne wbonds issud, hw many")
    assert reply.facts[0] == "bonds-issued"
    assert "I read “ne wbonds” as “new bonds”." in reply.text
    assert reply.text.count("38") == 1


def test_a_run_of_letters_is_noise(speller: Speller) -> None:
    assert speller.repair("q" * 4000) == ()


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("hw mny asean bank brnches in CQ", "asean-bank-branches"),
        ("how meny qdlp pilot", "qdlp-enterprises"),
        ("qdpl quoat", "qdlp-quota"),
        ("cumulativ qdlp qouta?", "qdlp-quota"),
        ("how many instituions in the finanical service consortum", "consortium-size"),
        ("how much crossborder financing", "xborder-financing"),
    ],
)
def test_a_misspelt_question_is_answered(ask: Ask, question: str, fact: str) -> None:
    outcome = ask(question)
    assert outcome.kind == "answer"
    assert fact in outcome.facts


def test_the_reply_says_what_was_read_as_what(ask: Ask) -> None:
    reply = ask("qdpl quoat").text
    assert "I read “qdpl” as “qdlp”" in reply
    assert "I read “quoat” as “quota”" in reply


HOMOPHONES = [
    ("重庆QDLP额读多少", "qdlp-quota"),
    ("跨竟融资多少", "xborder-financing"),
    ("东萌银行有几家分行", "asean-bank-branches"),
    ("连合体有多少家机构", "consortium-size"),
    ("金容科技有什么进展", "fintech-progress"),
    ("绿涩贷款", "green-loan-first"),
]


@pytest.mark.parametrize(("question", "fact"), HOMOPHONES)
def test_a_character_of_the_same_sound_is_read_as_what_was_meant(ask: Ask, question: str, fact: str) -> None:
    outcome = ask(question)
    assert outcome.kind == "answer"
    assert fact in outcome.facts


def test_a_character_left_wrong_by_shape_is_repaired(read: Read) -> None:
    assert any(span.repaired == "跨境融资" for span in read("跨金融资").spans)


@pytest.mark.parametrize("question", ["武汉额度", "成都QDLP额度多少", "上海有几家东盟银行分行", "QFLP额度"])
def test_another_chinese_name_is_not_repaired(ask: Ask, question: str) -> None:
    assert ask(question).kind == "none"
