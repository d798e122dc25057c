import re
from collections.abc import Iterator
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from iamd.policy.glob import Wild, compile_glob, compile_tokens

TEXT = st.text(alphabet="ab:", max_size=12)


@given(pattern=st.text(alphabet="ab:*?", max_size=10), text=TEXT)
def test_a_glob_means_what_the_regex_means(pattern: str, text: str) -> None:
    regex = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    assert compile_glob(pattern)(text) is (re.fullmatch(regex, text, re.DOTALL) is not None)


def texts_of(alphabet: str, longest: int) -> Iterator[str]:
    for length in range(longest + 1):
        yield from map("".join, product(alphabet, repeat=length))


def regex_of(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("*", ".*").replace("?", "."), re.DOTALL)


def test_every_short_pattern_means_what_the_regex_means() -> None:
    texts = [*texts_of("ab", 6)]
    for pattern in texts_of("ab*?", 5):
        regex, matches = regex_of(pattern), compile_glob(pattern)
        assert [text for text in texts if matches(text)] == [text for text in texts if regex.fullmatch(text)], pattern


def test_every_short_piece_is_found_behind_many_places_where_it_nearly_stands() -> None:
    texts = ["a" * 40 + text for text in texts_of("abc", 5)]
    for piece in texts_of("ab?", 4):
        pattern = f"*{piece}*b?"
        regex, matches = regex_of(pattern), compile_glob(pattern)
        assert [text for text in texts if matches(text)] == [text for text in texts if regex.fullmatch(text)], pattern


def test_the_first_place_behind_many_where_a_piece_nearly_stands_is_found() -> None:
    """Where the way of looking changes, no place is left out: a Deny that misses one would let the request through."""
    for piece in ("?aa?b", "aa?b", "??a?b", "?a??b?", "a?b"):
        matches = compile_glob(f"x*{piece}*y")
        regex = regex_of(f"x*{piece}*y")
        for length in range(25, 50):
            for text in ("x" + "a" * length + "bcy", "x" + "a" * length + "by", "x" + "a" * length + "cby"):
                assert matches(text) is (regex.fullmatch(text) is not None), (piece, text)


def test_wildcards_in_substituted_text_are_characters() -> None:
    matches = compile_tokens(["a", "*", Wild.MANY, "?"])
    assert matches("a*xyz?")
    assert not matches("abxyz?")
    assert not matches("a*xyzq")


def test_a_hostile_pattern_costs_no_more_than_its_length() -> None:
    """`(*a)` thousands of times takes exponential time in a backtracking matcher."""
    assert not compile_glob("*a" * 3_000 + "b")("a" * 20_000)
    assert not compile_glob("*a?" * 300 + "b")("a" * 2_000)


@given(pattern=st.lists(st.sampled_from("ab?"), min_size=1, max_size=6).map("".join), text=st.text("ab", max_size=120))
def test_a_piece_that_nearly_stands_everywhere_is_found(pattern: str, text: str) -> None:
    text = "a" * 40 + text
    regex = ".*" + pattern.replace("?", ".") + ".*b"
    assert compile_glob(f"*{pattern}*b")(text) is (re.fullmatch(regex, text, re.DOTALL) is not None)


def test_many_gaps_in_one_piece_cost_no_more_than_the_text_is_long() -> None:
    """Tried place by place, these are six hundred million comparisons."""
    text = "a" * 60_000
    assert not compile_glob("*" + "a?" * 10_000 + "b*")(text)
    assert compile_glob("*" + "a?" * 10_000 + "b*")(text + "b")
