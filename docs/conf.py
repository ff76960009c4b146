"""How Sphinx builds the documentation: `uv run sphinx-build -W -b html docs docs/_build/html`."""

from importlib.metadata import version as version_of

project = "casework"
author = "The casework authors"
project_copyright = f"2026, {author}"
release = version_of("casework")
version = release.partition(".dev")[0]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.doctest",
]
exclude_patterns = ["_build"]
nitpicky = True  # a name that leads nowhere is a mistake

html_theme = "furo"
html_title = "casework"

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
