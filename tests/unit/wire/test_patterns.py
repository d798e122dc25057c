"""Every pattern of the four models, translated from Java, matches what Java's would."""

import sys
import time
import unicodedata

import pytest

from iamd.wire.models import load_model
from iamd.wire.patterns import compile_pattern, translate
from tests.conformance.wire.models import SERVICES

WORDS = (["bob", "a+=,.@-_9"], ["", "b b", "é", "bob\n", "٣"])
LATIN = (["x", "é\t\n\r ~ÿ"], ["", "\x00", "\x7f", "Ā", "\x1b"])
FREE_LATIN = (["", "é\t\n\r ~ÿ"], ["\x00", "\x80", "Ā"])
ARN = "arn:aws:s3:us-east-1:123456789012:"

NEGATED: dict[str, tuple[list[str], list[str]]] = {
    r"[\s\S]*": (["", "a\n\x00😀\x85"], []),
    r"[\S\s]": (["\n", "\U0010ffff"], ["", "ab"]),
    r"[\W]": (["-", "é", "\x00", "`", "[", "^", "{", "@", "/", ":"], ["a", "Z", "0", "_"]),
    r"[\D]+": (["a:/é", "٣"], ["0", "9"]),
    r"[\S]": (["a", "\x08", "\x0e", "\xa0"], [" ", "\t", "\x0b", "\r"]),
    r"[a\S]": (["a", "b"], [" "]),
}


@pytest.mark.parametrize("pattern", NEGATED)
def test_what_a_negated_class_within_a_set_holds(pattern: str) -> None:
    fits, fails = NEGATED[pattern]
    matches = compile_pattern(pattern)
    assert [text for text in fits if not matches(text)] == []
    assert [text for text in fails if matches(text)] == []


CASES: dict[str, tuple[list[str], list[str]]] = {
    r"((/[A-Za-z0-9\.,\+@=_-]+)*)/": (["/", "/a/b.c/"], ["", "a/", "/a", "//", "/a b/"]),
    r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)": (["/", "/a/", "/a/~/", "///"], ["", "/a", "a/", "/a b/", "/é/"]),
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?"
    r"([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?": (
        ["f", "arn:aws:lambda:us-gov-west-1:123456789012:function:f:$LATEST", "f:1"],
        ["", "f:", "f:$OLD", "f g"],
    ),
    r"/[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*/": (["//", "/é \n/"], ["/", "/\x85/", "/Ā/"]),
    "[ -~]+": ([" ", "~a"], ["", "\t", "é"]),
    r"[:\w]+": (["a:B_9"], ["", "-", "é"]),
    "[A-Z0-9]+": (["A9"], ["", "a"]),
    r"[\d]*": (["", "09"], ["a", "٣"]),
    r"[\d]+": (["09"], ["", "a", "٣"]),
    r"\d{12}": (["123456789012"], ["12345678901", "1234567890123", "٣" * 12]),
    r"^\d{12}$": (["123456789012"], ["12345678901", "123456789012\n"]),
    r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*": (["", "aé漢٣Ⅷ \u2003_.:/=+-@"], ["*", "\n", "😀", "\u0301"]),
    r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+": (["a漢", "\U0001d4b3"], ["", "{", "$"]),
    r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$": (["", "é"], ["$", "a\n"]),
    r"[\p{L}\p{Z}\p{N}_.:/=+\-@{}]*": (["", "{é}"], ["(", "*"]),
    r"[\p{L}\p{Z}\p{N}_.:/=+\-@{}]+": (["{é}"], ["", "("]),
    r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+": (
        ["a\x85漢", "😀", "\U0010ffff"],
        ["", "\x80", "\x00", "\ufffe"],
    ),
    r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*": FREE_LATIN,
    r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+": (["é"], ["", "\x80", "\xa0", "Ā"]),
    r"[\u0009\u000A\u000D\u0020-\u00FF]+": (["é\x85\x7f\t"], ["", "\x00", "Ā", "\x0b"]),
    r"[\u0020-\u00FF]+": (["é \x7f"], ["", "\t", "Ā"]),
    r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*": (["", "é😀\t"], ["\n", "\x00", "\uffff"]),
    r"[\w+=,.@-]*": ([*WORDS[0], ""], WORDS[1][1:]),
    r"[\w+=,.@-]+": WORDS,
    r"[*?]*[\w+=,.@-][\w+=,.@*?-]*": (["a", "a*", "?b"], ["", "*", "a/*"]),
    r"[\w+=,.\-]+": (["a+=,.-"], ["", "@", "é"]),
    r"[\w+=,.@:-]*": (["", "a:b@c"], ["/", "é"]),
    r"[\w+=,.@:\/-]*": (["", "a:/b"], ["*", "é"]),
    r"[\w+=,.@\:-]*": (["", "a:b"], ["/", "é"]),
    r"[\w+=/:,.@-]*": (["", "a=/:b"], ["*", "é"]),
    r"[\w+=/:,.@-]+": (["a=/:b"], ["", "*"]),
    r"[\w-]*": (["", "a-b"], ["."]),
    r"[\w-]+": (["a-b"], ["", "."]),
    r"[\w._-]+": (["a.b_-"], ["", "@"]),
    r"[\w]*": (["", "a_"], ["-", "é"]),
    r"[\w]+": (["a_"], ["", "-"]),
    r"[\x21\x23-\x2B\x2D-\x5B\x5D-\x7E]+( [\x21\x23-\x2B\x2D-\x5B\x5D-\x7E]+)*": (
        ["a", "a b", "!~]["],
        ["", " a", "a  b", '"', ",", "\\"],
    ),
    r"[a-z0-9\-]+": (["a-9"], ["", "A"]),
    r"[a-zA-Z0-9\-\_]+": (["A-_"], ["", "."]),
    r"[a-zA-Z0-9\-]+": (["A-9"], ["", "_"]),
    r"\/?.+\/.+": (["b/k", "/b/k", "//x"], ["b", "/k", "b/", "b\n/k"]),
    r"\S+": (["aé"], ["", "a b", "a\n"]),
    r"\u002F[\u0021-\u007F]*": (["/", "/a\x7f"], ["", "a", "/ "]),
    "^.+$": (["é "], ["", "a\nb", "a\u2028b", "a\n"]),
    r"^[0-9a-z\\-]{3,63}": (["a-1", "a\\1"], ["ab", "A--", "a" * 64]),
    r"^[0-9a-z\\-]{63}": (["a" * 63], ["a" * 62, "a" * 64]),
    r"^[A-Za-z0-9\+\:\/\=\?\#-_]+$": (["a#$%_", "A:/?"], ["", "`", "é"]),
    "^[A-Za-z][A-Za-z0-9/_-]*$": (["a", "a/b_-"], ["", "1", "a b"]),
    r"^[a-z0-9]([a-z0-9\-]*[a-z0-9])?$": (["a", "a--b"], ["", "-a", "a-"]),
    "^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$": (["abc", "a-b"], ["ab", "a--b", "-ab"]),
    "^[a-z0-9][-a-z0-9]{1,48}[a-z0-9]$": (["a-b"], ["ab", "-ab"]),
    "^[a-zA-Z0-9:/+=,.@_-]+$": (["a:/+=,.@_-"], ["", " "]),
    "^[a-zA-Z0-9:_.-]+$": (["a:_.-"], ["", "/"]),
    r"^[a-zA-Z0-9\:.-]{3,200}$": (["a:."], ["ab", "a_b"]),
    "^[a-z][a-z0-9]*[.]mrap$": (["a1.mrap"], ["1.mrap", "a.mraps", "axmrap"]),
    r"^http(s?)://[a-zA-Z0-9._/-]*(\?[a-zA-Z0-9._=&-]*)?(#[a-zA-Z0-9._/-]*)?$": (
        ["http://", "https://a.b/c?d=e&f#g"],
        ["ftp://a", "https://a b", "http://a?b?c"],
    ),
    r"^o-[0-9a-z]{10,32}\/r-[0-9a-z]{4,32}[0-9a-z-\/]*": (["o-0123456789/r-abcd/ou-x"], ["o-0123456789", "o-1/r-abcd"]),
    "^o-[a-z0-9]{10,32}$": (["o-0123456789"], ["o-012345678", "o-0123456789\n"]),
    "^p-[0-9a-zA-Z_]{8,128}$": (["p-0123456_"], ["p-0123456", "p-0123456-"]),
    "arn:.+": (["arn:x"], ["arn:", "arn:\n"]),
    "arn:[^:]+:(s3|s3express):.*": (["arn:aws:s3:::b", "arn:aws:s3express:"], ["arn:aws:sqs:", "arn::s3:"]),
    r"arn:[^:]+:iam::\d{12}:role/.*": (["arn:aws:iam::123456789012:role/r"], ["arn:aws:iam::1:role/r"]),
    "arn:[^:]+:s3(express)?:[^:].*": (["arn:aws:s3:us:x"], ["arn:aws:s3:::b"]),
    r"arn:[^:]+:s3-object-lambda:[^:]*:\d{12}:accesspoint/.*": (
        ["arn:aws:s3-object-lambda:us-east-1:123456789012:accesspoint/a"],
        ["arn:aws:s3:us-east-1:123456789012:accesspoint/a"],
    ),
    "arn:[^:]+:s3:.*": (["arn:aws:s3:::b"], ["arn:aws:s3x:::b"]),
    r"arn:[^:]+:s3:[^:]*:\d{12}:accesspoint/.*": ([f"{ARN}accesspoint/a"], [f"{ARN}bucket/a"]),
    r"arn:[^:]+:s3:[a-zA-Z0-9\-]+:\d{12}:job\/.*": ([f"{ARN}job/1"], [f"{ARN}jobs/1"]),
    r"arn:[^:]+:sso::(\d{12}){0,1}:instance/.*$": (["arn:aws:sso:::instance/x"], ["arn:aws:sso::1:instance/x"]),
    r"arn:[^:]+:sso::\d{12}:application/.*$": (
        ["arn:aws:sso::123456789012:application/a"],
        ["arn:aws:sso:::application/a"],
    ),
    r"arn:[a-z\-]+:organizations::\d{12}:organization\/o-[a-z0-9]{10,32}": (
        ["arn:aws-cn:organizations::123456789012:organization/o-0123456789"],
        ["arn:aws:organizations::123456789012:organization/o-1"],
    ),
    r"arn:[a-z\-]+:s3:[a-z0-9\-]+:\d{12}:access\-grants\/[a-zA-Z0-9\-]+": (
        [f"{ARN}access-grants/d"],
        [f"{ARN}access-grants/"],
    ),
    r"arn:[a-z\-]+:s3:[a-z0-9\-]+:\d{12}:access\-grants\/grant/[a-zA-Z0-9\-]+": (
        [f"{ARN}access-grants/grant/1"],
        [f"{ARN}access-grants/1"],
    ),
    r"arn:[a-z\-]+:s3:[a-z0-9\-]+:\d{12}:access\-grants\/location/[a-zA-Z0-9\-]+": (
        [f"{ARN}access-grants/location/1"],
        [f"{ARN}access-grants/grant/1"],
    ),
    r"arn:[a-z\-]+:s3:[a-z0-9\-]+:\d{12}:storage\-lens\-group\/.*": (
        [f"{ARN}storage-lens-group/x"],
        [f"{ARN}storage-lens/x"],
    ),
    r"arn:[a-z\-]+:s3:[a-z0-9\-]+:\d{12}:storage\-lens\/.*": ([f"{ARN}storage-lens/x"], [f"{ARN}storage-lens-group/x"]),
    r"arn:aws[a-zA-Z0-9-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]+": (
        ["arn:aws-cn:kms:x:123456789012:key/a-1"],
        ["arn:aws:kms:x:123456789012:alias/a"],
    ),
    r"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?": (["v1", "v10.a-b"], ["v0", "1", "v1x"]),
}

UNVALIDATED = {r"\/?.+\/.+"}
"""Quadratic by nature, and S3's: S3 is not validated by its model."""


def modelled() -> set[str]:
    models = [load_model(name) for name in ("iam", "sts", "s3", "s3control")]
    return {shape["pattern"] for model in models for shape in model.shapes.values() if "pattern" in shape}


def test_every_pattern_of_the_models_has_a_case() -> None:
    assert modelled() == CASES.keys()


@pytest.mark.parametrize("pattern", sorted(CASES))
def test_a_pattern_matches_as_java_would(pattern: str) -> None:
    accepted, rejected = CASES[pattern]
    matches = compile_pattern(pattern)
    assert [text for text in accepted if not matches(text)] == []
    assert [text for text in rejected if matches(text)] == []


def test_pythons_word_class_is_letters_numbers_and_the_underscore() -> None:
    differing = [
        code
        for code in range(sys.maxunicode + 1)
        if chr(code).isalnum() != (unicodedata.category(chr(code))[0] in "LN")
    ]
    assert differing == []


def test_a_category_alone_is_spelled_out() -> None:
    matches = compile_pattern(r"\p{Lu}[\p{Z}x]\P?".replace(r"\P?", ""))
    assert matches("É ")
    assert not matches("é ")


def test_shorthands_outside_and_inside_sets_are_ascii() -> None:
    assert translate(r"\w\d[\s\d]") == "[a-zA-Z0-9_][0-9][ \\t\\n\\x0b\\f\\r0-9]"


@pytest.mark.parametrize("pattern", sorted(CASES.keys() - UNVALIDATED))
def test_no_pattern_takes_more_than_linear_time(pattern: str) -> None:
    matches = compile_pattern(pattern)
    before = time.process_time()
    for unit in ("a", "/", "/a", " a", "a-", "arn:aws:", "1", "é", "a."):
        for ending in ("", "\n", "\x00"):
            matches(unit * 30_000 + ending)
            matches(f"arn:aws:s3:us-east-1:123456789012:{unit * 30_000}{ending}")
    assert time.process_time() - before < 2


def every_pattern() -> list[str]:
    shapes = (shape for service in SERVICES for shape in load_model(service).shapes.values())
    return sorted({str(shape["pattern"]) for shape in shapes if "pattern" in shape})


def test_no_pattern_takes_exponential_time() -> None:
    slow = []
    for pattern in every_pattern():
        matches = compile_pattern(pattern)
        before = time.process_time()
        for unit in ("a", ":", "/", "-", ".", "_", "1", "a/", "a:", ":a", "a-", "a.", "::", "//", " "):
            for start in ("", "arn:aws:", "arn:aws:iam::123456789012:", "https://", "/"):
                matches(f"{start}{unit * 30}\n\x00")
        if time.process_time() - before > 1:
            slow.append(pattern)
    assert slow == []
