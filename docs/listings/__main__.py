"""Write every list of the reference anew, and name the pages that changed: `python -m docs.listings`."""

import sys

from docs.listings import PAGES, fill, regions

for page in sorted(PAGES.rglob("*.md")):
    text = page.read_text(encoding="utf-8")
    if regions(text) and (filled := fill(text)) != text:
        page.write_text(filled, encoding="utf-8")
        sys.stdout.write(f"{page.relative_to(PAGES.parent)}\n")
