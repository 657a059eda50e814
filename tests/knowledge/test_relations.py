"""Words that change what is said of a thing refuse, however harmless their parts look."""

import pytest

from tests.knowledge.conftest import Ask


@pytest.mark.parametrize(
    "word",
    "scrapped repealed rescinded divested sacked exited rejected renewed refunded relocated halved suspended".split(),
)
def test_another_verb_is_no_misspelt_harmless_one(ask: Ask, word: str) -> None:
    assert ask(f"how many policies were {word}?").kind != "answer"
    assert ask(f"how many {word} QDLP pilots are there?").kind != "answer"


@pytest.mark.parametrize(
    "question",
    [
        "how many QDLP pilots have pulled out?",
        "how many bonds were written off?",
        "how many policies are in the pipeline?",
        "how many banks from ASEAN have walked away from Chongqing?",
        "what gets in the way of financial interaction between western China and ASEAN?",
        "有几家QDLP试点退出了",
        "还在审批中的金融创新政策有多少项",
        "最后一批债券发行了多少只",
        "西部省份借给重庆多少钱",
        "how many money in total have firms saved?",
        "which non-bank financial institution carried out the first borrowing and settlement project?",
    ],
)
def test_another_relation_is_not_answered(ask: Ask, question: str) -> None:
    assert ask(question).kind != "answer"


def test_a_claim_of_another_kind_is_answered_with_what_it_is(ask: Ask) -> None:
    reply = ask("Is Yijiehui a bank?")
    assert reply.kind == "answer"
    assert reply.text.startswith("The article does not say so; it says: Chongqing Yijiehui is a third-party payment")


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("So it's not five QDLP firms but four?", "Yes."),
        ("Is it 4 QDLP pilots, not 5?", "Yes."),
        ("东盟银行分行不是6家，而是5家？", "是的。"),
        ("跨境融资还没达到200亿美元，对吗", "不是。"),
        ("Cross-border financing hasn't reached $20 billion, right?", "No."),
        ("Dollar and offshore RMB bonds came to less than 2 billion, did they not?", "No."),
        ("Fewer than a dozen Singapore institutions are in Chongqing?", "No."),
        ("Does the agreement leave out Hainan?", "That is not so:"),
    ],
)
def test_denials_are_weighed(ask: Ask, question: str, verdict: str) -> None:
    reply = ask(question)
    assert reply.kind == "answer"
    assert reply.text.startswith(verdict)


@pytest.mark.parametrize(
    "question",
    [
        "True or false: the $7bn for the west is part of the $24bn",
        "Which of the twelve provinces got the biggest slice?",
    ],
)
def test_parts_of_a_whole_are_not_given(ask: Ask, question: str) -> None:
    assert ask(question).kind != "answer"


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("1.03 percentage points in bps please", "103 basis points"),
        ("If 5 branches make up a third, what is the total of foreign bank branches?", "about 15"),
        ("what's the 730 about?", "$730 million"),
        ("more ASEAN bank branches or more QDLP pilots?", "1 more"),
    ],
)
def test_figures_are_converted_derived_looked_up_and_compared(ask: Ask, question: str, figure: str) -> None:
    reply = ask(question)
    assert reply.kind == "answer"
    assert figure in reply.text


@pytest.mark.parametrize(
    "question",
    [
        "Is Chongqing itself counted among the 12 western provinces?",
        "重庆是12个西部省份之一吗",
        "is Hainan a western province?",
        "海南是西部省份吗",
        "Is the $3bn already counted in the $24bn?",
        "add up all the financing",
    ],
)
def test_what_belongs_to_what_is_not_made_up(ask: Ask, question: str) -> None:
    assert ask(question).kind != "answer"


@pytest.mark.parametrize(
    "question", ["who gave Yijiehui its licence?", "who approved the licence?", "牌照是谁发的", "谁给Yijiehui发的牌照"]
)
def test_who_granted_the_licence_is_a_gap(ask: Ask, question: str) -> None:
    reply = ask(question)
    assert reply.kind == "none"
    assert "who granted it" in reply.text or "由谁颁发" in reply.text


def test_they_are_the_one_that_the_answer_named(ask: Ask) -> None:
    assert "payment platform" in ask("Who obtained a Singapore licence?", "what do they do?").text
    assert "says nothing" not in ask("Who obtained a Singapore licence, and what do they do?").text


def test_who_stands_on_the_other_side_is_a_gap(ask: Ask) -> None:
    assert "MAS" in ask("who is the new regulatory model with?").text
    assert ask("who worked with MAS on the regulatory model?").kind == "none"
    assert ask("跟新加坡金管局签字的是谁").kind == "none"
    assert ask("who is MAS?").text.startswith("MAS is the Monetary Authority of Singapore")


@pytest.mark.parametrize("word", "债权 法治 东门 行政 公式 省会 薪资 盛世 收支 数据中心".split())
def test_a_real_word_that_sounds_like_one_of_ours_is_not_read_as_it(ask: Ask, word: str) -> None:
    """债权 is not 债券, and 省会 not 盛会."""
    reply = ask(f"{word}有多少")
    assert reply.kind != "answer"
    assert not any(read.repaired for read in reply.evidence.read)


def test_a_question_about_the_source_leaves_the_topic_as_it_was(ask: Ask) -> None:
    said = "How many ASEAN bank branches?", "where is that from?"
    assert ask(*said).facts == ("meta-source",)
    assert ask(*said, "which one opened first?").kind == "none"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("name the policy tools whose use is emphasised to open up more funding channels", "bond issuance"),
        ("Apart from the 12 western provinces, which other place is covered by the agreement?", "Hainan"),
        ("Could you enumerate the breakthroughs the text describes as 'first'?", "REITs"),
        ("Are ASEAN bank branches or Singapore financial institutions more numerous in Chongqing?", "over 20"),
        ("hold on, does insurance figure in those 74 policies?", "Yes."),
        ("文章大致讲了些什么内容？", "中新"),
    ],
)
def test_idioms_are_read_as_meant(ask: Ask, question: str, said: str) -> None:
    reply = ask(question)
    assert reply.kind == "answer"
    assert said in reply.text


@pytest.mark.parametrize(
    "question",
    ["Out of the $3bn-plus in innovative products, how much was offshore RMB bonds?", "一共替企业节省了多少利息支出"],
)
def test_a_part_or_a_total_that_is_not_given_is_a_gap(ask: Ask, question: str) -> None:
    assert ask(question).kind == "none"


def test_those_that_are_only_counted_are_not_named(ask: Ask) -> None:
    reply = ask("who are the 78?")
    assert reply.kind == "none"
    assert "does not name" in reply.text
    assert "78 institutions" in reply.text
    assert ask("which ones are in the consortium?").kind == "none"


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("do 5 ASEAN banks operate in Chongqing?", "The article does not say so"),
        ("有5家东盟银行在重庆对吗", "文章没有这样说"),
        ("do ASEAN banks have 5 branches in Chongqing?", "Yes."),
    ],
)
def test_a_number_of_other_things_is_not_confirmed(ask: Ask, question: str, opening: str) -> None:
    assert ask(question).text.startswith(opening)


@pytest.mark.parametrize(
    "conversation",
    [
        ("QDLP试点有没有新加坡企业",),
        ("are a third of Chongqing's banks foreign?",),
        ("How many QDLP pilots does Chongqing have?", "and Hainan?"),
        ("QDLP额度多少", "海南呢"),
    ],
)
def test_another_party_or_place_is_not_confirmed(ask: Ask, conversation: tuple[str, ...]) -> None:
    assert ask(*conversation).kind == "none"


@pytest.mark.parametrize(
    "question",
    [
        "did the QDLP pilots increase by four?",
        "by how many did the QDLP pilots rise?",
        "QDLP pilots went up by 4, right?",
        "there are four more QDLP pilots, right?",
        "QDLP试点企业增加了四家，对吗",
        "QDLP试点企业增长了4家是吗",
        "QDLP试点又多了四家？",
        "QDLP试点企业增加了多少家",
    ],
)
def test_a_rise_by_so_many_is_no_rise_to_so_many(ask: Ask, question: str) -> None:
    assert ask(question).kind == "none"


@pytest.mark.parametrize("question", ["did the QDLP pilots grow to four?", "QDLP试点企业增加到四家，对吗"])
def test_a_rise_to_so_many_is_the_level(ask: Ask, question: str) -> None:
    assert ask(question).text.startswith(("Yes.", "是的。"))


@pytest.mark.parametrize(
    "question",
    ["what project was the green loan for?", "绿色跨境贷款投向什么项目", "绿色跨境贷款用来做什么"],
)
def test_what_a_loan_was_for_is_not_what_it_is(ask: Ask, question: str) -> None:
    assert ask(question).kind == "none"


@pytest.mark.parametrize(
    ("claim", "party"),
    [
        ("The agreement was with regulators in Guangdong, right?", "12 western provinces and Hainan"),
        ("the summit brings together China and Japan, correct?", "China and ASEAN"),
        ("中新金融峰会主要是给中国跟欧盟交流用的,对吗", "中国与东盟"),
    ],
)
def test_another_party_is_set_right(ask: Ask, claim: str, party: str) -> None:
    reply = ask(claim)
    assert reply.text.startswith(("The article does not say so; it says:", "文章没有这样说"))
    assert party in reply.text
