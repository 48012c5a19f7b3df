"""Publishing to a stand-in for the hub that speaks its protocol on this machine: what arrives, and what never does."""

import base64
import json
import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import yaml

pytest.importorskip("huggingface_hub")

from adwar.train.hub import FILES, HubError, push


class Hub(BaseHTTPRequestHandler):
    """Creates a repository, asks for every file to be sent inside the commit, and keeps what the commit holds."""

    def log_message(self, *_):
        pass

    def answer(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        at, place = self.path.split("?")[0], f"http://127.0.0.1:{self.server.server_port}"
        self.server.asked.append((at, self.headers.get("Authorization")))
        if self.server.refuse:
            self.answer({"error": "no such right"}, 403)
        elif at == "/api/repos/create":
            self.server.created.append(json.loads(body))
            self.answer({"url": f"{place}/someone/tiny", "name": "someone/tiny", "id": "someone/tiny"})
        elif at == "/api/validate-yaml":
            header = json.loads(body)["content"].split("---")[1]
            broken = [] if isinstance(yaml.safe_load(header), dict) else [{"message": "no mapping"}]
            self.answer({"errors": broken, "warnings": []})
        elif at.endswith("/preupload/main"):
            named = json.loads(body)["files"]
            self.answer({"files": [{"path": f["path"], "uploadMode": "regular", "shouldIgnore": False} for f in named]})
        elif at.endswith("/commit/main"):
            for line in body.decode().splitlines():
                row = json.loads(line)
                if row["key"] == "file":
                    self.server.files[row["value"]["path"]] = base64.b64decode(row["value"]["content"])
            self.answer({"commitUrl": f"{place}/someone/tiny/commit/1", "commitOid": "1" * 40, "hookOutput": ""})
        else:
            self.answer({"error": at}, 404)

    def do_GET(self):
        self.server.asked.append((self.path, None))
        held = {"id": "someone/tiny", "sha": "0" * 40, "siblings": []}
        self.answer({"error": "no such right"} if self.server.refuse else held, 403 if self.server.refuse else 200)


@pytest.fixture
def hub():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.asked, server.created, server.files, server.refuse = [], [], {}, False
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def api(hub):
    from huggingface_hub import HfApi

    return HfApi(endpoint=f"http://127.0.0.1:{hub.server_port}", token="hf_local")


@pytest.fixture
def folder(checkpoint, tmp_path):
    copy = tmp_path / "tiny"
    shutil.copytree(checkpoint, copy)
    return copy


def test_what_belongs_to_the_model_arrives_as_it_is(hub, api, folder):
    (folder / "README.md").write_text("an old card")
    address = push(folder, "someone/tiny", private=True, api=api)
    assert address.endswith("/someone/tiny/commit/1")
    assert hub.created[0]["name"] == "tiny" and hub.created[0]["organization"] == "someone"
    assert all(key == "Bearer hf_local" for at, key in hub.asked if key is not None)
    assert set(hub.files) == {*FILES, "model.safetensors"}
    assert all(hub.files[name] == (folder / name).read_bytes() for name in hub.files)
    card = hub.files["README.md"].decode()
    assert "library_name: adwar" in card and "| all five | 100.0 |" in card and "an old card" not in card


def test_what_arrived_predicts_what_was_sent(hub, api, folder, documents, tmp_path):
    from adwar.model.loading import load

    push(folder, "someone/tiny", api=api)
    fetched = tmp_path / "fetched"
    fetched.mkdir()
    for name, content in hub.files.items():
        (fetched / name).write_bytes(content)
    ours, theirs = (load(f, engine="torch").predict(documents[0].text) for f in (folder, fetched))
    assert ours == theirs and ours.frames


def test_a_hub_that_refuses_is_told(hub, api, folder):
    hub.refuse = True
    with pytest.raises(HubError, match=r"someone/tiny: not published: .*403.*hf auth login"):
        push(folder, "someone/tiny", api=api)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: (f / "adwar.json").unlink(), "adwar.json is missing"),
        (lambda f: (f / "model.safetensors").unlink(), "no weights"),
        (lambda f: (f / "evaluation.json").unlink(), "published with its figures"),
        (
            lambda f: (f / "evaluation.json").write_text('{"sets": {"dev": {"texts": []}}}'),
            "dev holds words of the documents",
        ),
    ],
)
def test_a_folder_that_is_not_fit_is_told(run_cli, folder, spoil, message):
    spoil(folder)
    status, _, err = run_cli("push", folder, "someone/tiny", "--dry-run")
    assert status == 2 and message in err


def test_a_dry_run_lists_and_publishes_nothing(run_cli, folder, monkeypatch):
    monkeypatch.setattr("huggingface_hub.HfApi", lambda *a, **k: pytest.fail("asked the hub"))
    status, out, _ = run_cli("push", folder, "someone/tiny", "--dry-run")
    assert status == 0 and "model.safetensors" in out and "run.json" not in out
    with pytest.raises(HubError, match="owner/name"):
        push(folder, "tiny")
