"""Runs a command and prints, as JSON, how long it took from start to end and the most memory it held:

    python launch.py COMMAND [ARGUMENT...]

The system counts the peak for each process that is waited for; Node cannot ask it, Python can."""

import json
import os
import subprocess
import sys
import tempfile
import time

with tempfile.TemporaryFile() as messages:
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=messages)
    _, status, usage = os.wait4(process.pid, 0)
    milliseconds = 1e3 * (time.perf_counter() - start)
    messages.seek(0)
    last = messages.read().decode(errors="replace").strip().split("\n")[-1]

# Linux counts in kibibytes, macOS in bytes.
peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
code = os.waitstatus_to_exitcode(status)
print(json.dumps({"milliseconds": milliseconds, "peakBytes": peak, "status": code, "message": last}))
