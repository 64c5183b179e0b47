"""Telling whether the process that holds a lease is still alive."""

import os
import platform
import subprocess
import sys

import pytest

from agent.owner import is_gone, process_name

HERE = platform.node()


def named(pid: int, node: str = HERE) -> str:
    return f"{node}|{pid}|abcd"


def test_a_process_is_named_anew_at_each_start() -> None:
    assert process_name() != process_name()
    assert process_name().startswith(f"{HERE}|{os.getpid()}|")


def test_one_is_not_gone_oneself() -> None:
    me = process_name()
    assert not is_gone(me, me)


def test_an_earlier_process_with_ones_own_number_is_gone() -> None:
    """In a container every start is process 1."""
    me = process_name()
    assert is_gone(named(os.getpid()), me)


@pytest.mark.skipif(os.name != "posix", reason="other processes are looked up on POSIX only")
def test_a_process_is_gone_when_it_has_ended() -> None:
    me = process_name()
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert not is_gone(named(other.pid), me)
    other.communicate(b"\n")
    assert is_gone(named(other.pid), me)


def test_a_process_of_somebody_else_runs() -> None:
    """Process 1 may not be signalled by most users, which does not mean that it is gone."""
    assert not is_gone(named(1), named(2))


def test_of_another_machine_nothing_is_known() -> None:
    me = process_name()
    assert not is_gone(named(2**22 + 1, "elsewhere"), me)
    assert not is_gone(named(os.getpid(), "elsewhere"), me)
