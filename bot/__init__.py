"""The process: everything is put together, started and stopped here."""

import os

# PTB gives pauses as timedelta from its next version on, and warns of each int until then.
os.environ.setdefault("PTB_TIMEDELTA", "1")
