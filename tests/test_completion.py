"""Completion as a shell asks for it: bash runs the printed lines, and what adwar offers is read back."""

import os
import shutil
import subprocess
import sys

import pytest

from adwar.commands.completion import FORMATS, SHELLS, actions, configs
from adwar.data.formats.convert import FORMATS as TABLE

#: Sources the script, asks what may stand at the end of a line, and prints the answers.
ASK = """
eval "$(cat "$1")"
COMP_LINE=$2 COMP_POINT=${#2} COMP_TYPE=9 COMP_KEY=9
read -ra COMP_WORDS <<< "$2"
[[ $2 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_python_argcomplete adwar
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def offered(run_cli, tmp_path):
    """What bash offers at the end of a line, in a folder with one report and one config of somebody's own."""
    if shutil.which("bash") is None:
        pytest.skip("no bash here")
    script = tmp_path / "adwar.bash"
    script.write_text(run_cli("completion", "bash")[1], encoding="utf-8")
    binaries, work = tmp_path / "bin", tmp_path / "work"
    (work / "folder").mkdir(parents=True)
    for name in ("report.txt", "mine.yaml"):
        (work / name).touch()
    binaries.mkdir()
    command = binaries / "adwar"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m adwar "$@"\n')
    command.chmod(0o755)

    def ask(line):
        environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
        asked = ["bash", "-c", ASK, "bash", str(script), line]
        done = subprocess.run(asked, cwd=work, env=environment, capture_output=True, text=True, check=True)
        return {one.strip() for one in done.stdout.splitlines() if one.strip()}

    return ask


def test_bash_completes_commands_names_and_files(offered):
    assert offered("adwar pre") == {"predict", "pretrain"}
    configs = offered("adwar train --config ")
    assert {"embedded", "arabert", "mine.yaml"} <= configs and "report.txt" not in configs
    assert "report.txt" in offered("adwar predict rep")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_gets_its_lines(run_cli, shell):
    status, out, _ = run_cli("completion", shell)
    assert status == 0 and "adwar" in out and "_ARGCOMPLETE" in out


def test_another_shell_is_refused(run_cli, capsys):
    with pytest.raises(SystemExit) as ended:
        run_cli("completion", "cmd")
    assert ended.value.code == 2 and "invalid choice" in capsys.readouterr().err


def test_the_names_offered_are_those_that_are_taken():
    from adwar.cli import parser

    assert set(FORMATS) >= set(TABLE) and {"embedded", "arabert", "tiny"} <= set(configs())
    held = {option for action in actions(parser()) for option in action.option_strings}
    assert {"--config", "--gazetteer", "--from", "--to", "--min-score"} <= held
