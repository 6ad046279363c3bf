"""The script for mitmproxy: records and audits AWS Data Pipeline calls.

mitmdump -s addons/datapipeline.py --set holter_record=run.yaml
"""

from holter.mitm.script import Script
from holter.mitm.uncarried import Uncarried

recorder = Script()
addons = [Uncarried(recorder), recorder]
