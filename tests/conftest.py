"""How the tests of the core and of every plugin run: Hypothesis profiles, and no skip without its reason.

Profiles: `dev` (few examples, the local database remembers failures), `ci` (a new seed in every run, printed at the
head and again after a failure) and `long` (many examples, for nights). `CASEWORK_HYPOTHESIS_PROFILE` selects one;
without it, `ci` where the variable `CI` is set and `dev` elsewhere. `--hypothesis-seed` repeats a run.
"""

import os
import secrets
from collections.abc import Iterator
from typing import Final
from unittest import mock

import hypothesis
import pytest
from hypothesis import HealthCheck
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from tests.demo.shown import Shown, shown

SLOW_MACHINES: Final = (HealthCheck.too_slow,)  # shared processors stall; how slow a test is says nothing there

# Hypothesis brings a profile `ci` of its own that repeats the same examples in every run: this one replaces it.
hypothesis.settings.register_profile("dev", max_examples=50, deadline=None)
hypothesis.settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=False, print_blob=True, suppress_health_check=SLOW_MACHINES
)
hypothesis.settings.register_profile(
    "long", max_examples=5_000, deadline=None, derandomize=False, print_blob=True, suppress_health_check=SLOW_MACHINES
)
PROFILE: Final = os.environ.get("CASEWORK_HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
hypothesis.settings.load_profile(PROFILE)

os.environ.pop(
    "UV", None
)  # what is printed says how to call the program again: here by its name, whoever runs the tests


@pytest.hookimpl(tryfirst=True)  # before the plugin of Hypothesis reads the option
def pytest_configure(config: pytest.Config) -> None:
    """Draw a seed for the profiles that seek new examples, and let nothing but the seed say what is drawn.

    Hypothesis also draws constants that it finds in the modules a process has loaded. Which those are depends on the
    tests that happened to run there before, so a seed alone would not bring an example back.
    """
    if PROFILE == "dev":
        return
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(secrets.randbits(64))
    mock.patch.object(providers, "_get_local_constants", Constants).start()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run what somebody names in one process: there it starts at once, and can be stepped through."""
    named = config.invocation_params.args and config.args != config.getini("testpaths")
    return 0 if named else None


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Give the demonstration, run once for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    return shown(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


def pytest_report_header(config: pytest.Config) -> str:
    """Say which profile runs and how to repeat it."""
    return f"casework: hypothesis profile {PROFILE}{_repeat(config)}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name every skipped test and why; a run that skips in silence is not green."""
    if skipped := list(_skips(terminalreporter)):
        terminalreporter.section(f"{len(skipped)} skipped, and why")
        for line in skipped:
            terminalreporter.line(line)
    else:
        terminalreporter.line("no test was skipped")
    if terminalreporter.stats.get("failed") and PROFILE != "dev":
        terminalreporter.line(f"hypothesis profile {PROFILE}{_repeat(config)}")


def _repeat(config: pytest.Config) -> str:
    seed = config.option.hypothesis_seed
    return "" if seed is None else f", repeat with CASEWORK_HYPOTHESIS_PROFILE={PROFILE} --hypothesis-seed={seed}"


def _skips(terminalreporter: pytest.TerminalReporter) -> Iterator[str]:
    for report in terminalreporter.stats.get("skipped", []):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        yield f"{report.nodeid}: {why.removeprefix('Skipped: ')}"
