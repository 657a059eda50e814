"""Chinese typed by sound or by shape: what is repaired, and what stays as it was written."""

from __future__ import annotations

import pytest

from knowledge.homophones import Homophones

TABLES = Homophones.of(
    {
        "金 融 机 构": True,
        "新 加 坡": True,
        "新 加 坡 金 融 局": True,
        "哪 三 方 面": True,
        "总 额": False,
        "总 额 多 少": False,
        "时 效": False,
        "几 家": False,
        "个 百 分 点": False,
    }
)


@pytest.mark.parametrize(
    ("typed", "unknown", "meant"),
    [
        ("金融鸡构", "鸡构", "金融机构"),
        ("新家坡", "坡", "新加坡"),
        ("总鹅多少", "鹅", "总额多少"),
        ("几加", "加", "几家"),
        ("个百份点", "百", "个百分点"),
        ("金融机沟", "沟", "金融机构"),
    ],
)
def test_the_phrase_that_sounds_the_same_is_meant(typed: str, unknown: str, meant: str) -> None:
    """A phrase with an unexplained character is read as the one that sounds like it."""
    found = TABLES.repair(list(typed), [character in unknown for character in typed])
    assert found == (0, len(typed), meant)


def test_sound_goes_before_shape() -> None:
    """新加坡金融鸡构 is 金融机构 by its sound, not 新加坡金融局 by its shape."""
    typed = "新加坡金融鸡构"
    found = TABLES.repair(list(typed), [character == "鸡" for character in typed])
    assert found == (3, 7, "金融机构")


@pytest.mark.parametrize(("typed", "unknown"), [("失效", "失效"), ("哪一方面", "一"), ("金融机构楼", "楼")])
def test_another_word_is_no_misprint(typed: str, unknown: str) -> None:
    """A real word, another number, and a word of its own beside a known one stay as they are."""
    assert TABLES.repair(list(typed), [character in unknown for character in typed]) is None
