"""Hypothesis strategies: whatever a recording can hold, rich in what YAML readers stumble over."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from holter.cassette.format import Header
from holter.wire.message import NOTHING, Broken, Interaction, Mark, Origin, Try

WORDS = (
    "no", "yes", "on", "off", "y", "n", "~", "null", "Null", "true", "False", "12:30:00", "1e3", "1_000",
    "0x1F", "0o17", "017", "1.", ".5", ".inf", ".nan", "-", "---", "...", "- a", "a: b", "#c", " #c", "? x",
    "!!python/object:os.system", "&a", "*a", "<<", "%YAML 1.2", "@at", "`tick", "[", "]", "{", "}", ",", "|",
    ">", "'", '"', "\\", "\\u0041", "", " ", "  x  ", "\t", "\ttab\t", "2026-11-21", "2026-11-21T01:20:03Z",
    "=", "k" * 1100, '"' * 600, "\\" * 700,
)  # fmt: skip
ODD = "\x00\x07\t\n\r\x1b\x7f\x80\x85\x9f\xa0\xad\u2028\u2029\ufeff\ufffd\ufffe\uffff\U0001f600\U0010ffff"

texts = st.one_of(
    st.sampled_from(WORDS),
    st.text(st.sampled_from(ODD + " :,{}[]\"'\\#ab1-"), max_size=12),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
floats = st.one_of(
    st.sampled_from([1e3, 1e-07, 1e16, 1e22, -1e-7, -0.0, 0.0, 5e-324, 1.7976931348623157e308, 1.5e300, 0.1]),
    st.floats(allow_nan=False, allow_infinity=False),
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.integers(-(2**200), 2**200), floats, texts)
bodies = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(texts, inner, max_size=5)),
    max_leaves=25,
)
objects = st.dictionaries(texts, bodies, max_size=4)
payloads = st.one_of(bodies, st.binary(max_size=40))
seconds = st.floats(-1e6, 4e9).map(lambda moment: round(moment, 6) + 0.0)  # no -0.0: no clock shows it
moments = st.one_of(st.none(), seconds)

interactions = st.builds(
    Interaction,
    op=texts.filter(bool),
    request=payloads,
    response=st.one_of(st.just(NOTHING), payloads),
    seq=st.integers(0),
    at=moments,
    mono=st.tuples(moments, moments, moments),
    caller=st.none() | texts,
    task=st.none() | texts,
    print=st.none() | texts,
    tried=st.none() | st.builds(Try, texts, st.integers(), st.none() | st.integers()),
    status=st.none() | st.integers(),
    error=st.none() | texts,
    broken=st.none() | st.sampled_from(Broken),
    origin=st.none() | st.sampled_from(Origin),
    fault=st.none() | texts,
    upstream=st.none() | objects,
    oldest=moments,
    redacted=st.lists(texts, max_size=3).map(tuple),
    notes=objects,
)
marks = st.builds(
    Mark,
    what=texts.filter(bool),
    at=moments,
    mono=moments,
    more=objects.map(lambda more: {k: v for k, v in more.items() if k not in ("what", "at", "mono")}),
)
headers = st.builds(
    Header,
    recording=st.none() | texts,
    started=moments,
    by=st.none() | texts,
    service=st.none() | texts,
    profile=st.none() | objects,
    redaction=texts,
)


def same(one: object, other: object) -> bool:
    """Tell whether two JSON values are equal in type, in order and in the sign of zero too."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return type(one) is type(other) and one == other
