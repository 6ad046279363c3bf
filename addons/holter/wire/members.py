"""The members that messages share, with the limits of botocore's service model."""

from __future__ import annotations

from holter.wire.shapes import Flag, Items, Record, Table, Text

TASK_ID = Text(1, 2048)
ID = Text(1, 1024)
STRING = Text(0, 1024)
LONG = Text(0, 20_971_520)
NAME = Text(1, 256)
VALUE = Text(0, 10_240)
MESSAGE = Text(legal=False)
FLAG = Flag()

FIELD = Record({"key": NAME, "stringValue": VALUE, "refValue": NAME}, ("key",), ("stringValue", "refValue"))
FIELDS = Items(FIELD)
OBJECT = Record({"id": ID, "name": ID, "fields": FIELDS}, ("id", "name", "fields"))
OBJECTS = Items(OBJECT)
TAGS = Items(Record({"key": Text(1, 128, False), "value": Text(0, 256, False)}, ("key", "value")), 10)
ATTRIBUTES = Items(Record({"key": NAME, "stringValue": VALUE}, ("key", "stringValue")))
PARAMETERS = Items(Record({"id": NAME, "attributes": ATTRIBUTES}, ("id", "attributes")))
VALUES = Items(Record({"id": NAME, "stringValue": VALUE}, ("id", "stringValue")))
MESSAGES = Items(Text(0, 10_000))
DESCRIPTION = Record(
    {"pipelineId": ID, "name": ID, "fields": FIELDS, "description": STRING, "tags": TAGS},
    ("pipelineId", "name", "fields"),
)
OPERATOR = Record(
    {"type": Text(legal=False, enum=("EQ", "REF_EQ", "LE", "GE", "BETWEEN")), "values": Items(STRING)}
)
QUERY = Record({"selectors": Items(Record({"fieldName": STRING, "operator": OPERATOR}))})
HANDOUT = Record(
    {"taskId": TASK_ID, "pipelineId": ID, "attemptId": ID, "objects": Table(ID, OBJECT)},
)
DEFINITION = Record(
    {
        "pipelineId": ID,
        "pipelineObjects": OBJECTS,
        "parameterObjects": PARAMETERS,
        "parameterValues": VALUES,
    },
    ("pipelineId", "pipelineObjects"),
)
VERDICT = Record(
    {
        "validationErrors": Items(Record({"id": ID, "errors": MESSAGES})),
        "validationWarnings": Items(Record({"id": ID, "warnings": MESSAGES})),
        "errored": FLAG,
    },
    ("errored",),
)
PIPELINE = Record({"pipelineId": ID}, ("pipelineId",))
NOTHING = Record()
