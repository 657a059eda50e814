"""Conversations: follow-ups, several questions in one message, small talk, languages."""

import pytest

from knowledge.engine import Knowledge
from knowledge.outcome import Answer, Language, SmallTalk
from tests.knowledge.conftest import Ask

FOLLOW_UPS = [
    (["how many QDLP pilots?", "and the quota?"], "qdlp-quota"),
    (["QDLP有几家？", "那额度呢？"], "qdlp-quota"),
    (["how many bonds were issued?", "what is their rank?"], "bonds-rank"),
    (["how many ASEAN branches?", "what share is that?"], "asean-bank-share"),
    (["东盟分行几家", "占比呢"], "asean-bank-share"),
    (["what is the QDLP quota?", "on average?"], "qdlp-average"),
    (["how many QDLP pilots?", "is it more than 5?"], "qdlp-enterprises"),
    (["how many QDLP pilots?", "thanks", "and the quota?"], "qdlp-quota"),
    (["how many QDLP pilots in Wuhan?", "and the quota?"], "qdlp-quota"),
]


@pytest.mark.parametrize(("messages", "fact"), FOLLOW_UPS, ids=[" / ".join(each) for each, _ in FOLLOW_UPS])
def test_a_follow_up_leans_on_the_question_before(ask: Ask, messages: list[str], fact: str) -> None:
    outcome = ask(*messages)
    assert outcome.kind == "answer"
    assert fact in outcome.facts


def test_explicit_words_win_over_the_question_before(ask: Ask) -> None:
    assert ask("how many QDLP pilots?", "how many consortium members?").facts == ("consortium-size",)


@pytest.mark.parametrize(
    "messages",
    [
        ["how many bonds were issued?", "and in Shanghai?"],
        ["how many bonds were issued?", "in 2019?"],
        ["how many QDLP pilots?", "which ones?"],
        ["how many QDLP pilots?", "and QFLP?"],
        ["QDLP有几家？", "那上海呢？"],
        ["QDLP有几家？", "跟去年比呢？"],
    ],
    ids=" / ".join,
)
def test_a_follow_up_to_what_the_article_does_not_hold_is_refused(ask: Ask, messages: list[str]) -> None:
    assert ask(*messages).kind == "none"


def test_without_a_question_before_a_follow_up_stands_alone(ask: Ask) -> None:
    assert ask("which ones?").kind != "answer"
    assert ask("on average?").kind != "answer"


def test_one_conversation_never_leaks_into_another(knowledge: Knowledge) -> None:
    first = knowledge.answer("how many bonds were issued?")
    knowledge.answer("how many QDLP pilots?")
    assert knowledge.answer("what is their rank?", first.context).facts == ("bonds-rank",)


def test_two_questions_in_one_message_get_two_answers(ask: Ask) -> None:
    for message in (
        "How many QDLP pilots? And what is the quota?",
        "how many QDLP pilots and what quota",
        "QDLP有几家，额度多少？",
        "QDLP有幾家？額度多少？",
    ):
        outcome = ask(message)
        assert set(outcome.facts) >= {"qdlp-enterprises", "qdlp-quota"}, message
    assert ask("how many bonds; how many policies; how many consortium members").facts == (
        "bonds-issued",
        "policy-count",
        "consortium-size",
    )


def test_of_two_questions_the_one_that_is_not_stated_is_named(ask: Ask) -> None:
    outcome = ask("how many QDLP pilots and how many penguins?")
    assert isinstance(outcome, Answer)
    assert outcome.facts == ("qdlp-enterprises",)
    assert "4 QDLP" in outcome.text
    (missing,) = outcome.not_stated
    assert "penguins" in missing
    assert missing in outcome.text


def test_two_questions_that_are_not_stated_are_refused_together(ask: Ask) -> None:
    outcome = ask("how many penguins and how many whales?")
    assert outcome.kind == "none"
    assert "penguins" in outcome.text
    assert "whales" in outcome.text


TALK = [
    ("hi", "greeting"),
    ("Hello there!", "greeting"),
    ("你好", "greeting"),
    ("thanks!", "thanks"),
    ("谢谢", "thanks"),
    ("bye", "bye"),
    ("再见", "bye"),
    ("what can I ask?", "help"),
    ("你能回答什么？", "help"),
    ("who are you?", "identity"),
    ("你是谁", "identity"),
    ("how are you", "wellbeing"),
    ("ok", "fine"),
    ("好的", "fine"),
]


@pytest.mark.parametrize(("message", "talk"), TALK)
def test_small_talk_is_answered_as_such(ask: Ask, message: str, talk: str) -> None:
    outcome = ask(message)
    assert isinstance(outcome, SmallTalk)
    assert outcome.talk == talk
    assert outcome.text
    assert not outcome.facts


def test_a_greeting_before_a_question_is_passed_over(ask: Ask) -> None:
    assert ask("Hello! How many QDLP pilots are there, please?").facts == ("qdlp-enterprises",)
    assert ask("你好，请问重庆QDLP有几家？谢谢").facts == ("qdlp-enterprises",)


def test_help_offers_questions_that_are_answered(ask: Ask) -> None:
    for message in ("what can I ask?", "hi"):
        example = ask(message).text.split("“")[-1].split("”")[0]
        assert ask(example).kind == "answer"
    example = ask("你好").text.split("“")[-1].split("”")[0]
    assert ask(example).kind == "answer"


LANGUAGES: list[tuple[str, Language, str]] = [
    ("how many ASEAN bank branches are in Chongqing", "en", "branches in Chongqing"),
    ("东盟银行在重庆开了几家分行", "zh-Hans", "东盟国家的银行在重庆设有5家分行"),
    ("東盟銀行在重慶開了幾家分行", "zh-Hant", "東盟國家的銀行在重慶設有5家分行"),
    ("重庆 ASEAN bank branches 几家", "zh-Hans", "5家分行"),
    ("重慶 ASEAN branches 有幾多間", "zh-Hant", "5家分行"),
]


@pytest.mark.parametrize(("question", "language", "words"), LANGUAGES)
def test_the_answer_comes_in_the_language_of_the_question(
    ask: Ask, question: str, language: Language, words: str
) -> None:
    outcome = ask(question)
    assert outcome.kind == "answer"
    assert outcome.language == language
    assert words in outcome.text


@pytest.mark.parametrize(("language", "words"), [("en", "policies"), ("zh-Hans", "项"), ("zh-Hant", "項")])
def test_a_language_that_is_asked_for_wins(ask: Ask, language: Language, words: str) -> None:
    for question in ("how many policies", "政策有几项", "政策有幾項"):
        outcome = ask(question, language=language)
        assert outcome.language == language
        assert words in outcome.text


def test_a_refusal_comes_in_the_language_of_the_question_too(ask: Ask) -> None:
    assert "文章没有" in ask("上海QDLP额度多少").text
    assert "文章沒有" in ask("上海QDLP額度多少").text


def test_several_meanings_are_offered_and_each_offer_is_answered(ask: Ask) -> None:
    outcome = ask("first")
    for message in ("pilots", "institutions", "breakthrough", "amount", "突破"):
        outcome = ask(message)
        for suggestion in outcome.suggestions:
            assert suggestion.fact in ask(suggestion.question).facts, suggestion
        assert len(outcome.suggestions) <= 3


@pytest.mark.parametrize(
    "messages",
    [
        ["how many consortium members?", "how many are brokers", "and insurance?"],
        ["联合体有多少家", "券商占几家", "保险呢"],
        ["how many bonds?", "how many are green bonds", "and the rank?"],
        ["How much lower is the comprehensive financing cost?", "And for the ASEAN branches?"],
        ["What has the China-Singapore Financial Summit become?", "How many policies were issued there?"],
        ["What has the summit become?", "And how many deals did it produce?"],
        ["How much financing was facilitated for western provinces?", "And how many bonds was that?"],
        ["创新产品总额多少？", "这些钱都给了西部省份吗？"],
        ["Were fintech pilot projects approved?", "which ones?"],
        ["外资行里东盟的有几家分行", "具体哪五家"],
        ["新发债券多少只", "谁发的"],
    ],
    ids=" / ".join,
)
def test_a_follow_up_is_not_answered_with_another_topic(ask: Ask, messages: list[str]) -> None:
    assert ask(*messages).kind == "none"


@pytest.mark.parametrize(
    "message",
    [
        "78家机构里，东盟的占三分之一吗？",
        "跟12个西部省份和海南达成的协议，涉及多少亿美元？",
        "综合融资成本更低，是因为有74项政策吗？",
        "Has Hainan also issued bonds through the new cross-border channels?",
        "Are the five ASEAN branches also members of the consortium?",
        "跨境融资、创新产品和QDLP额度合计多少美元？",
        "Did MAS and the 12 provinces sign an agreement?",
        "did policies and bonds both grow",
    ],
)
def test_what_is_asked_of_the_whole_is_not_asked_of_its_parts(ask: Ask, message: str) -> None:
    assert ask(message).kind == "none"


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        ("QDLP试点几家，额度多少", {"qdlp-enterprises", "qdlp-quota"}),
        ("东盟银行分行和新加坡金融机构各有几家", {"asean-bank-branches", "sg-institutions"}),
        (
            "tell me the ASEAN branch count. also how many Singapore institutions?",
            {"asean-bank-branches", "sg-institutions"},
        ),
        ("74 policies and five QDLP pilots: are both correct?", {"policy-count", "qdlp-enterprises"}),
    ],
)
def test_each_question_of_a_message_is_answered(ask: Ask, message: str, facts: set[str]) -> None:
    assert facts <= set(ask(message).facts)


def test_with_it_is_with_what_was_named(ask: Ask) -> None:
    assert "12 western provinces" not in ask("Who is MAS and what was agreed with it?").text
    assert ask("who is MAS?", "what was agreed with it?").facts == ("mas-model",)


def test_the_beginning_of_a_question_is_no_question(ask: Ask) -> None:
    assert ask("What did Chongqing and MAS set up?").facts == ("mas-model",)


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        (
            "How many policies, bonds and consortium members are there?",
            ("policy-count", "bonds-issued", "consortium-size"),
        ),
        ("政策、债券、联合体成员各有多少", ("policy-count", "bonds-issued", "consortium-size")),
        ("新加坡金融机构和东盟银行分行各有多少家", ("sg-institutions", "asean-bank-branches")),
    ],
)
def test_each_thing_of_a_list_gets_its_number(ask: Ask, question: str, facts: tuple[str, ...]) -> None:
    assert ask(question).facts == facts


@pytest.mark.parametrize(
    "question",
    [
        "how many banks, insurers and brokers are in the consortium?",
        "联合体里银行和保险各有多少家",
        "中国和新加坡各发了多少政策",
    ],
)
def test_parts_of_one_thing_are_no_list(ask: Ask, question: str) -> None:
    assert ask(question).kind == "none"


@pytest.mark.parametrize("follow_up", ["and what's Hainan's?", "and Hainan?", "what is the Hainan one?", "海南呢"])
def test_a_follow_up_for_another_place_asks_for_the_same(ask: Ask, follow_up: str) -> None:
    assert ask("What is the cumulative quota for QDLP?", follow_up).kind == "none"
