"""JSON values as a plan may hold them, in words that YAML and JSON read alike."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from holter.wire.message import Json

_TEXTS = st.text(
    string.ascii_letters + string.digits + " :=,{}[]'\"\\#*?!%&|<>-_\t\n\u00e4\u4e16", max_size=12
)
_PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64)
    | st.floats(allow_nan=False, allow_infinity=False)
)

JSONS: st.SearchStrategy[Json] = st.recursive(
    _PLAIN | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)
