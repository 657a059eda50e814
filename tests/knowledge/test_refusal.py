"""Refusing: what is missing is named, in its grade, and the nearest facts are offered."""

import pytest

from knowledge.engine import Knowledge
from knowledge.outcome import Grade, NotStated
from tests.knowledge.conftest import Ask

GRADES: list[tuple[str, Grade, str, str]] = [
    # the topic is absent
    ("how many QFLP pilots?", "topic", "QFLP", "qdlp-enterprises"),
    ("how many QMLP pilots?", "topic", "qmlp", ""),
    ("QDII额度多少", "topic", "QDII", "qdlp-quota"),
    ("how many employees does Yijiehui have?", "topic", "employees", "yijiehui-platform"),
    ("panda bonds issued", "topic", "panda bonds", "bonds-issued"),
    ("is there an agreement with HKMA?", "topic", "HKMA", "mas-model"),
    ("绿色债券发了多少", "topic", "绿色债券", "green-loan-first"),
    ("what is the weather in Chongqing?", "topic", "weather", ""),
    # the topic is there, without that figure
    ("which firms are the four QDLP pilots?", "figure", "does not name them", "qdlp-enterprises"),
    ("how many fintech pilots were approved?", "figure", "not how many", "fintech-pilots"),
    ("what is the total amount of the new bonds?", "figure", "not what they raised", "bonds-issued"),
    ("why is the cost lower?", "figure", "a reason", "cost-gap"),
    ("will the quota grow next year?", "figure", "forecast", "qdlp-quota"),
    ("is QDLP a good investment?", "figure", "assessment", "qdlp-enterprises"),
    ("when is the next China-Singapore Financial Summit?", "figure", "no date", "summit-platform"),
    ("who wrote the article?", "figure", "no author", ""),
    ("联合体是哪些机构？", "figure", "没有点名", "consortium-size"),
    # the figure is there for another place, party, period or currency
    ("QDLP quota in Shanghai?", "scope", "Shanghai", "qdlp-quota"),
    ("成都QDLP有几家？", "scope", "成都", "qdlp-enterprises"),
    ("how many ASEAN branches in Singapore?", "scope", "ingapore", "asean-bank-branches"),
    ("QDLP quota in 2019?", "scope", "2019", "qdlp-quota"),
    ("QDLP quota last year?", "scope", "last year", "qdlp-quota"),
    ("去年发了多少债券？", "scope", "去年", "bonds-issued"),
    ("QDLP quota in euros?", "scope", "US dollars only", "qdlp-quota"),
]


@pytest.mark.parametrize(("question", "grade", "missing", "near"), GRADES, ids=[each[0] for each in GRADES])
def test_what_is_missing_is_named_and_the_nearest_fact_is_offered(
    ask: Ask, question: str, grade: Grade, missing: str, near: str
) -> None:
    outcome = ask(question)
    assert isinstance(outcome, NotStated)
    assert outcome.grade == grade
    assert missing.lower() in outcome.reason.lower()
    assert outcome.text.startswith(outcome.reason)
    if near:
        assert near in outcome.facts
        assert near in {statement.fact for statement in outcome.near}
        assert all(statement.sentence in outcome.text for statement in outcome.near)


def test_a_near_fact_is_marked_as_what_the_article_does_say(ask: Ask) -> None:
    assert "\nIt does say:\n• " in ask("QDLP quota in Shanghai?").text
    assert "\n文章提到的是：\n• " in ask("上海QDLP额度？").text


def test_what_is_offered_is_answered_when_it_is_asked(ask: Ask) -> None:
    for question, *_ in GRADES:
        for suggestion in ask(question).suggestions:
            assert suggestion.fact in ask(suggestion.question).facts


def gaps(knowledge: Knowledge) -> list[tuple[str, str, str]]:
    """Fact, sense that asks for the gap, and its sentence."""
    return [
        (entry.id, asked, gap.wording.en)
        for entry in knowledge.entries.values()
        for gap in entry.gaps
        for asked in gap.asked
    ]


ASKED = {
    "ask.names": "names of {}",
    "ask.count": "how many {}?",
    "ask.breakdown": "breakdown of {}",
    "ask.date": "when {}?",
    "ask.where": "where was {}?",
    "ask.trend": "growth of {}",
    "ask.procedure": "how to apply for {}?",
    "attr.interest-rate": "interest rate of {}",
    "attr.profit": "profit of {}",
    "attr.transactions": "transactions of {}",
    "attr.borrower": "borrower of {}",
}


@pytest.mark.parametrize("asked", sorted(ASKED))
def test_a_known_gap_refuses_with_a_sentence_of_its_own(ask: Ask, knowledge: Knowledge, asked: str) -> None:
    known = {sentence for _, _, sentence in gaps(knowledge)}
    concerned = [(fact, sentence) for fact, each, sentence in gaps(knowledge) if each == asked]
    assert concerned
    for fact, _ in concerned:
        outcome = ask(ASKED[asked].format(knowledge.entries[fact].name.en))
        assert outcome.kind != "answer" or fact not in outcome.facts, (fact, asked, outcome.text)
        if isinstance(outcome, NotStated) and outcome.grade == "figure":
            assert outcome.reason in known or "does not give" in outcome.reason, (fact, asked, outcome.reason)


def neighbours(knowledge: Knowledge) -> list[str]:
    return sorted(name for name, concept in knowledge.base.concepts.items() if concept.near)


def test_each_confusable_neighbour_refuses_and_says_why(ask: Ask, knowledge: Knowledge) -> None:
    names = neighbours(knowledge)
    assert len(names) > 15
    for name in names:
        concept = knowledge.base.concepts[name]
        assert concept.why is not None
        for written, why in ((concept.names.en[0], concept.why.en), (concept.names.zh[0], concept.why.zh)):
            for question in (written, f"how many {written}?", f"{written}有多少？", f"how many {written.lower()}?"):
                outcome = ask(question)
                assert isinstance(outcome, NotStated), question
                assert set(outcome.facts) == set(concept.near), question
                assert why[:10] in outcome.reason or concept.why.en in outcome.reason or concept.why.zh in outcome.text


def test_a_neighbours_reason_is_of_its_own(knowledge: Knowledge) -> None:
    reasons = [knowledge.base.concepts[name].why for name in neighbours(knowledge)]
    assert len({reason.en for reason in reasons if reason}) == len(reasons)
    assert len({reason.zh for reason in reasons if reason}) == len(reasons)


def test_a_figure_of_no_place_of_the_gazetteer_is_given(ask: Ask, knowledge: Knowledge) -> None:
    senses = knowledge._reader._lexicon.senses
    places = [phrase for phrase, known in senses.items() if any(each.startswith("names.places.") for each in known)]
    assert len(places) > 500
    for place in places[::5]:
        chinese = not place.isascii()
        question = f"{place.replace(' ', '')}的QDLP额度" if chinese else f"QDLP quota in {place}"
        assert ask(question).kind == "none", question


@pytest.mark.parametrize(
    ("question", "named"), [("2024年发了多少债", "（2024年）"), ("78家银行组成了联合体对吗", "“银行”")]
)
def test_a_refusal_names_the_whole_period_and_no_measure_word(ask: Ask, question: str, named: str) -> None:
    assert named in ask(question).text
