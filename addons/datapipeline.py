"""The script for mitmproxy: records and audits AWS Data Pipeline calls.

mitmdump -s addons/datapipeline.py --set holter_record=run.yaml
"""

import logging

from holter.mitm.copies import Copier
from holter.mitm.lateness import Lateness
from holter.mitm.script import Script
from holter.mitm.uncarried import Uncarried

script = Script()
late = Lateness(logging.getLogger("mitmproxy.holter").warning)
addons = [Uncarried(script), script, late, Copier(script)]
