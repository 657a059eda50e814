"""Reading: every word gets its meaning, or is left over and said so."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge import text
from knowledge.engine import Knowledge
from tests.knowledge.conftest import Ask, Read


def senses(read: Read, question: str) -> dict[str, tuple[str, ...]]:
    return {span.text: span.senses for span in read(question).spans}


def test_the_longest_phrase_wins(read: Read) -> None:
    spans = senses(read, "first green cross-border loan")
    assert "green-loan" in spans["green cross border loan"]
    assert senses(read, "US dollar bonds")["us dollar bonds"] == ("usd-bond",)


def test_people_and_articles_use_different_words_for_the_same(read: Read) -> None:
    for word in ("companies", "firms", "enterprises", "公司", "企业"):
        assert "company" in read(word).senses, word
    for word in ("ASEAN", "Southeast Asian", "东盟", "東協", "亚细安"):
        assert "asean" in read(word).senses, word


def test_an_unknown_word_is_left_over_and_named(ask: Ask) -> None:
    outcome = ask("how many QDLP zorblaxes are there")
    assert outcome.kind == "none"
    assert "zorblaxes" in outcome.evidence.leftover
    assert "zorblaxes" in outcome.text


def test_what_a_question_asks_for(read: Read) -> None:
    for question, asked in [
        ("how many pilots", "ask.count"),
        ("how much quota", "ask.quantity"),
        ("how much money", "ask.amount"),
        ("what share of branches", "ask.share"),
        ("where does it rank", "ask.rank"),
        ("when", "ask.date"),
        ("who signed", "ask.who"),
        ("which ones", "ask.names"),
        ("why", "ask.why"),
        ("有几家", "ask.count"),
        ("占比", "ask.share"),
        ("排第几", "ask.rank"),
        ("什么时候", "ask.date"),
        ("为什么", "ask.why"),
    ]:
        assert asked in read(question).asks, question


def test_yes_or_no_is_seen_in_both_languages(read: Read) -> None:
    for question in ("is the quota 730 million", "are there five branches", "额度是不是7亿", "有5家吗", "落地了没有"):
        assert read(question).polar, question
    for question in ("how many pilots", "QDLP额度多少"):
        assert not read(question).polar, question


def test_the_place_that_a_figure_is_asked_for(read: Read) -> None:
    assert "singapore" in read("ASEAN branches in Singapore").places


def test_the_evidence_shows_what_was_read_repaired_considered_and_decided(ask: Ask) -> None:
    evidence = ask("how many qdlp pilto in Shanghai").evidence
    assert evidence.normalised == "how many qdlp pilto in shanghai"
    assert any(each.repaired for each in evidence.read)
    assert any("names.places.shanghai" in each.concept for each in evidence.read)
    assert evidence.leftover == ("shanghai",)
    assert any(each.fact == "qdlp-enterprises" and "shanghai" in each.refused for each in evidence.candidates)
    assert evidence.asked
    assert evidence.rule


@given(st.text(st.sampled_from("qdlp 重庆额度多少how many74, and和的-"), max_size=60))
def test_spans_cover_every_token_in_order(written: str) -> None:
    normalised = text.normalise(written)
    spans = KNOWLEDGE._reader.read(normalised)
    assert [span.start for span in spans[1:]] == [span.end for span in spans[:-1]]
    assert not spans or spans[0].start == 0
    assert all(span.start < span.end for span in spans)


KNOWLEDGE = Knowledge.load()
