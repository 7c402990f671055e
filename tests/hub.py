"""A hub on this machine: serves the datasets in a folder to `datasets`, which HF_ENDPOINT sends here.

`ROOT/org/name/...` are the files of the dataset `org/name` on its main branch, `ROOT/.converted/org/name/...` those of
the branch with the hub's own conversion to parquet. Each has one revision, the hash of its files.
"""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

API = re.compile(r"/api/datasets/(?P<name>[^/]+/[^/]+)(?:/(?P<what>revision|tree|paths-info)/(?P<rest>.*))?")
OLD_NAME = re.compile(r"/api/datasets/[^/]+")
FILE = re.compile(r"/datasets/(?P<name>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<path>.+)")
CONVERSION = "refs/convert/parquet"
CONVERTED = ".converted"
RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def revision_of(folder: Path) -> str:
    """The only revision of a branch."""
    return sha1(b"".join(name.encode() + (folder / name).read_bytes() for name in _files(folder))).hexdigest()


@contextmanager
def hub(root: Path, quoting: Sequence[str] = ()) -> Iterator[str]:
    """Serves `root` and gives the address.

    Args:
        root: The datasets.
        quoting: What is said in every error, and in refusing the dataset `org/forbidden`.
    """
    handler = type("Handler", (_Handler,), {"root": root, "quoting": quoting})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer leaves in one piece: sent in two, the second waits 40 ms for the first's acknowledgement
    root: Path
    quoting: Sequence[str]

    def log_message(self, *_):
        pass

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        path, query = unquote(urlsplit(self.path).path), parse_qs(urlsplit(self.path).query)
        if found := API.fullmatch(path):
            self._api(query, **found.groupdict())
        elif OLD_NAME.fullmatch(path):
            self._redirect(path)
        elif found := FILE.fullmatch(path):
            self._file(**found.groupdict())
        else:
            self._answer(404, {})

    do_HEAD = do_POST = do_GET  # noqa: N815 - the names that http.server looks for

    def _redirect(self, path):
        """A name without a namespace, from the hub's early days, leads to the dataset's new one."""
        found = next(self.root.glob(f"*/{path.rpartition('/')[2]}"), None)
        if found is None:
            self._answer(404, {}, {"X-Error-Code": "RepoNotFound"})
        else:
            place = found.relative_to(self.root).as_posix()
            self._answer(307, {}, {"Location": f"/api/datasets/{place}"})

    def _folder(self, name, revision):
        """The files of a dataset at a revision; None where there is no such revision."""
        main, converted = self.root / name, self.root / CONVERTED / name
        if revision in ("main", revision_of(main)):
            return main
        return converted if converted.is_dir() and revision in (CONVERSION, revision_of(converted)) else None

    def _api(self, query, name, what, rest):
        if name == "org/forbidden":
            self._answer(403, {"error": " ".join(self.quoting)})
            return
        if not (self.root / name).is_dir():
            self._answer(404, {}, {"X-Error-Code": "RepoNotFound"})
            return
        revision, _, below = (rest or "main").partition("/") if what != "revision" else (rest, "", "")
        dataset = self._folder(name, revision)
        if dataset is None:
            self._answer(404, {}, {"X-Error-Code": "RevisionNotFound"})
        elif what == "tree":
            self._tree(dataset, below, recursive="true" in query.get("recursive", [""])[0].lower())
        elif what == "paths-info":
            asked = parse_qs(self.body.decode()).get("paths", [])
            self._answer(200, [_entry(dataset, path) for path in asked if (dataset / path).exists()])
        else:
            self._answer(200, _facts(name, dataset))

    def _tree(self, dataset, below, *, recursive):
        folder = dataset / below
        if not folder.is_dir():
            self._answer(404, {}, {"X-Error-Code": "EntryNotFound"})
            return
        paths = folder.rglob("*") if recursive else folder.iterdir()
        self._answer(200, [_entry(dataset, path.relative_to(dataset).as_posix()) for path in sorted(paths)])

    def _file(self, name, revision, path):
        dataset = self._folder(name, revision) if (self.root / name).is_dir() else None
        commit = {"X-Repo-Commit": revision_of(dataset)} if dataset else {}
        if dataset is None or not (dataset / path).is_file():
            self._answer(404, {}, {"X-Error-Code": "EntryNotFound", **commit})
            return
        data, status = (dataset / path).read_bytes(), 200
        headers = {"ETag": f'"{sha1(data).hexdigest()}"', "Accept-Ranges": "bytes", **commit}
        if wanted := RANGE.fullmatch(self.headers.get("Range") or ""):
            first, last = int(wanted[1]), min(int(wanted[2] or len(data)), len(data) - 1)
            headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
            data, status = data[first : last + 1], 206
        self._answer(status, data, headers)

    def _answer(self, status, content, headers=None):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        if status >= 400 and self.quoting:
            said = " ".join(self.quoting).encode("ascii", "replace").decode()
            headers = {**(headers or {}), "X-Error-Message": said, "X-Request-Id": self.quoting[0]}
        self.send_response(status)
        for key, value in {"Content-Type": "application/json", "Content-Length": len(body), **(headers or {})}.items():
            self.send_header(key, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _facts(name: str, dataset: Path) -> dict:
    card = dataset / "README.md"
    header = card.read_text().split("---")[1] if card.is_file() else ""
    files = [{"rfilename": path} for path in _files(dataset)]
    facts = {"id": name, "sha": revision_of(dataset), "tags": [], "siblings": files, "private": False}
    return {**facts, "cardData": yaml.safe_load(header)} if header else facts


def _files(dataset: Path) -> list[str]:
    return sorted(path.relative_to(dataset).as_posix() for path in dataset.rglob("*") if path.is_file())


def _entry(dataset: Path, path: str) -> dict:
    there = dataset / path
    size = there.stat().st_size if there.is_file() else 0
    return {
        "type": "file" if there.is_file() else "directory",
        "oid": sha1(path.encode()).hexdigest(),
        "size": size,
        "path": path,
    }
