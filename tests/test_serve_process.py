"""The service on a real socket and as a process: slow clients, endless ones, SIGTERM, the token, the command."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.request import Request, urlopen

import pytest

pytest.importorskip("fastapi", reason="the service is not installed: pip install 'adwar[serve]'")
from serving import Gated, running, wait_until

from adwar.serve.app import create_app
from adwar.serve.run import is_local
from adwar.serve.settings import ServeSettings, cost_of
from adwar.serve.token import Token, read_token

# real processes, clocks and browsers: a busy machine must not fail the quick run
pytestmark = pytest.mark.slow


def exchange(port, *parts, pause=0.0, timeout=10):
    """Send ``parts`` with pauses between, return all that comes until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as sock:
        for part in parts:
            try:
                sock.sendall(part)
            except OSError:
                break
            time.sleep(pause)
        return rest_of(sock)


def rest_of(sock):
    found = bytearray()
    try:
        while chunk := sock.recv(1_000_000):
            found += chunk
    except ConnectionResetError:
        pass
    return bytes(found)


def test_headers_that_never_end_close_the_connection(labeler):
    with running(create_app(labeler), header_timeout=0.3) as port:
        began = time.time()
        assert exchange(port) == b""
        assert exchange(port, b"POST /predict HTTP/1.1\r\n", *[b"x: y\r\n"] * 8, pause=0.1) == b""
        assert time.time() - began < 5


def test_a_body_that_trickles_is_told_so(labeler):
    head = b"POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n"
    with running(create_app(labeler, ServeSettings(body_timeout=0.4))) as port:
        assert exchange(port, head, *[b" "] * 10, pause=0.1).startswith(b"HTTP/1.1 408 ")


def test_a_body_announced_too_large_is_not_waited_for(labeler):
    settings = ServeSettings(max_body=10_000)
    with running(create_app(labeler, settings)) as port:
        huge = b"POST /predict HTTP/1.1\r\nhost: x\r\ncontent-length: 9999999999\r\n\r\n"
        assert exchange(port, huge).startswith(b"HTTP/1.1 413 ")
        expecting = b"POST /predict HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 20000\r\n\r\n"
        assert exchange(port, expecting).startswith(b"HTTP/1.1 413 ")
        chunked = b"POST /predict HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
        assert exchange(port, chunked, *[b"1000\r\n" + b"x" * 4096 + b"\r\n"] * 40).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_closes_its_half_counts_as_gone(labeler):
    """From here it looks like one that left: its place is given up at once, and nothing stays open."""
    gated = Gated(labeler)
    body = json.dumps({"text": "x"}).encode()
    head = b"POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    asked = b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    with running(create_app(gated)) as port:
        gated.gate.clear()
        for sent in (head % len(body) + body, head % (len(body) + 1) + body, b"POST /pre", b""):
            with socket.create_connection(("127.0.0.1", port), timeout=15) as sock:
                sock.sendall(sent)
                if sent.endswith(body):
                    wait_until(lambda: b"adwar_requests_in_flight 1.0" in exchange(port, asked))
                sock.shutdown(socket.SHUT_WR)
                assert not rest_of(sock).startswith(b"HTTP/1.1 2"), sent
            wait_until(lambda: b"adwar_requests_in_flight 0.0" in exchange(port, asked))
        gated.gate.set()
        assert exchange(port, asked).startswith(b"HTTP/1.1 200 ")


def test_an_answer_that_nobody_takes_is_cut():
    async def large(scope, receive, send):
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"30000000")]})
            await send({"type": "http.response.body", "body": b"x" * 30_000_000})

    with running(large, send_timeout=1) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            assert sock.recv(9) == b"HTTP/1.1 "
            time.sleep(2.5)
            assert len(rest_of(sock)) < 30_000_000
        assert len(exchange(port, b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")) > 30_000_000


def test_connections_beyond_the_limit_are_told_to_come_again(labeler):
    asked = b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    with running(create_app(labeler), max_connections=2) as port:
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
        answer = exchange(port, asked)
        assert answer.startswith(b"HTTP/1.1 503 ") and b"retry-after: 1" in answer
        for sock in idle:
            sock.close()
        wait_until(lambda: exchange(port, asked).startswith(b"HTTP/1.1 200 "))


def test_a_client_that_leaves_gives_its_place_up(labeler):
    gated = Gated(labeler)
    app = create_app(gated)
    with running(app) as port:
        gated.gate.clear()
        body = json.dumps({"text": "x"}).encode()
        head = b"POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        socks = []
        for _ in range(3):
            socks.append(socket.create_connection(("127.0.0.1", port)))
            socks[-1].sendall(head % len(body) + body)
            wait_until(lambda: gated.batches)

        def waiting():
            return re.search(rb"adwar_queue_texts (\d)", urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read())[
                1
            ]

        wait_until(lambda: waiting() == b"2")
        for sock in socks:
            sock.close()
        wait_until(lambda: waiting() == b"0")
        gated.gate.set()
    assert gated.batches == [1]


class Service:
    """``adwar serve`` as a process of its own, its standard error read all the time so that the pipe never fills."""

    def __init__(self, exported, *options, **environment):
        command = [sys.executable, "-m", "adwar", "serve", "--port", "0", "--model", str(exported), *options]
        clean = {k: v for k, v in os.environ.items() if not k.startswith("ADWAR_")}
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**clean, **environment})
        self._lines = []
        self._reader = threading.Thread(target=lambda: self._lines.extend(self.process.stderr), daemon=True)
        self._reader.start()

    @property
    def log(self):
        return "".join(self._lines)

    @property
    def port(self):
        wait_until(lambda: "running on" in self.log or self.process.poll() is not None, 60)
        assert self.process.poll() is None, f"the service did not start: {self.log}"
        return int(re.search(r":(\d+) \(", self.log)[1])

    def end(self, seconds=30):
        """The whole log, after the process has ended."""
        self.process.wait(seconds)
        self._reader.join(seconds)
        return self.log


@contextlib.contextmanager
def started(exported, *options, **environment):
    service = Service(exported, *options, **environment)
    try:
        yield service
    finally:
        service.process.kill()
        service.end()


def test_sigterm_finishes_what_was_taken(exported, documents):
    with started(exported) as service:
        address = f"http://127.0.0.1:{service.port}"
        body = json.dumps({"texts": [documents[0].text * 5] * 40}).encode()
        asked = Request(f"{address}/predict", body, {"content-type": "application/json"})
        with ThreadPoolExecutor() as pool:
            sent = pool.submit(lambda: urlopen(asked, timeout=100))
            # asking for the metrics counts as no request
            working = b"adwar_requests_in_flight 1.0"
            wait_until(lambda: sent.done() or working in urlopen(f"{address}/metrics", timeout=5).read())
            service.process.send_signal(signal.SIGTERM)
            answer = json.load(sent.result(100))
        log = service.end()
        assert len(answer["predictions"]) == 40
        assert "Finished server process" in log and "Traceback" not in log
        with pytest.raises(OSError):
            urlopen(asked, timeout=5)


def test_the_token_shows_nowhere(exported):
    secret = "tRy-to-find-me-in-the-log-0123"
    with started(exported, ADWAR_TOKEN=secret) as service:
        address = f"http://127.0.0.1:{service.port}/predict"
        asked = Request(address, b'{"text": ""}', {"content-type": "application/json"})
        with pytest.raises(OSError, match="401"):
            urlopen(asked, timeout=5)
        asked.add_header("authorization", f"Bearer {secret}")
        assert urlopen(asked, timeout=5).status == 200
        listed = ["ps", "-p", str(service.process.pid), "-o", "args="]
        arguments = subprocess.run(listed, capture_output=True, text=True).stdout
        assert "serve" in arguments
        service.process.terminate()
        log = service.end()
    assert secret not in log + arguments and "without a token" not in log


def test_listening_to_all_without_a_token_warns(exported):
    with started(exported, "--host", "0.0.0.0") as service:
        assert service.port
        service.process.terminate()
        assert "without a token" in service.end()
    assert is_local("127.0.0.1") and is_local("::1") and is_local("localhost")
    assert not is_local("0.0.0.0") and not is_local("10.0.0.1") and not is_local("example.org")


def test_reading_the_token(tmp_path):
    file = tmp_path / "token"
    file.write_text("  from-the-file-0123456789\n")
    assert read_token({}) is None
    assert read_token({"ADWAR_TOKEN": "from-the-environment-01"}).admits(b"Bearer from-the-environment-01")
    for token in (
        read_token({"ADWAR_TOKEN": "from-the-environment-01"}, str(file)),
        read_token({"ADWAR_TOKEN_FILE": str(file)}),
    ):
        assert token.admits(b"Bearer from-the-file-0123456789") and not token.admits(b"Bearer from-the-file")
        assert not token.admits(None) and not token.admits(b"from-the-file-0123456789")
        assert "0123" not in repr(token)
    for wrong in ("", "short", "sixteen letters with blanks", "ءءءءءءءءءءءءءءءءءء"):
        with pytest.raises(ValueError, match="at least 16") as told:
            read_token({"ADWAR_TOKEN": wrong})
        assert not wrong or wrong not in str(told.value)
    with pytest.raises(ValueError, match="cannot be read"):
        read_token({}, str(tmp_path / "none"))


def test_wrong_settings_are_told(run_cli, exported):
    for options, told in (
        (["--port", "99999"], "from 0 to 65535"),
        (["--timeout", "0"], "timeout 0.0: a number above 0"),
        (["--queue-pieces", "10"], "would never fit"),
        (["--token-file", "/no/such/file"], "cannot be read"),
        (["--model", "/no/such/folder"], "no such model folder"),
    ):
        status, _, err = run_cli("serve", *options)
        assert status == 2 and told in err
    assert cost_of(0) > 0 and Token("x").admits(b"Bearer x")
