"""Exit 0 when the API in this container calls itself healthy."""

import sys
import urllib.error
import urllib.request

# Asked directly: a proxy of the environment has no business between a container and itself.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    with opener.open("http://localhost:8000/health/", timeout=2.5) as answer:
        print(answer.read(1000).decode(errors="replace"))
except urllib.error.HTTPError as problem:
    sys.exit(f"{problem.code}: {problem.read(1000).decode(errors='replace')}")
except OSError as problem:
    sys.exit(f"No answer: {problem}")
