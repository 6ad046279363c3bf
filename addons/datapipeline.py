"""The script for mitmproxy: records and audits AWS Data Pipeline calls.

mitmdump -s addons/datapipeline.py --set holter_record=run.yaml
"""

from holter.mitm.copies import Copier
from holter.mitm.script import Script
from holter.mitm.uncarried import Uncarried

script = Script()
addons = [Uncarried(script), script, Copier(script)]
