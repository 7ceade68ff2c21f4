"""`python -m agent.cli` is `posagent`."""

import sys

from agent.cli import main

sys.exit(main())
