"""What a class costs: the bytes of a reader, a plain server under load, the memory of a notebook.

Run by `make bench` on the built book. The load stays on the loopback and ends by itself: every
reader opens one chapter, page and all that it fetches, with a connection for each file, six at a
time as browsers have them. The server is Python's own, with a queue as long as a web server's, and
nginx beside it, if it is installed. Both leave the files uncompressed.
"""

import asyncio
import contextlib
import gzip
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import psutil
from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / path) for path in ("", "tests/support")]
from addresses import FETCHED, FETCHED_RELS, addresses  # noqa: E402
from jupyterlab_server import start_lab  # noqa: E402

from rules.pages import LANGUAGES  # noqa: E402

BOOK = (ROOT / "_build" / "html").resolve()
CHAPTER = "chapters/es/04_inside_the_cell.html"
PACKED = {".woff2", ".png", ".jpg", ".zip"}  # no smaller for being compressed again
NGINX = """daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes auto;
events {{ worker_connections 2048; }}
http {{ access_log off; types {{ text/html html; text/css css; text/javascript js; }}
  {temporary} server {{ listen 127.0.0.1:{port} backlog=2048; root {book}; }} }}"""
PYTHON = """import http.server, sys
http.server.ThreadingHTTPServer.request_queue_size = 2048
handler = http.server.SimpleHTTPRequestHandler
handler.log_message = lambda *words: None
handle = lambda *words: handler(*words, directory=sys.argv[2])
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), handle).serve_forever()"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


# Bytes


def fetched(page):
    """Return the files that a browser fetches for a page, fonts and images of its styles too."""
    found = {page}
    for tag, attributes, address in addresses(page):
        rels = set(attributes.get("rel", "").split())
        parts = urlsplit(address)
        if parts.scheme or not parts.path:
            continue
        if tag in FETCHED or (tag == "link" and rels & FETCHED_RELS):
            found.add((page.parent / unquote(parts.path)).resolve())
    for sheet in [path for path in found if path.suffix == ".css"]:
        for address in re.findall(r"url\(\s*[\"']?([^\"')#?]+)", sheet.read_text("utf-8")):
            if not address.startswith("data:"):
                found.add((sheet.parent / address).resolve())
    return {path for path in found if path.is_file()}


def sent(path):
    """Return the bytes of a file over the wire, compressed where that helps."""
    content = path.read_bytes()
    return len(content) if path.suffix in PACKED else len(gzip.compress(content, 6))


def print_bytes():
    print("What a server sends to one reader, by gzip, kB")
    print(f"{'':<32}{'pages':>7}{'files':>7}{'all':>9}")
    print(f"{CHAPTER.rpartition('/')[2]:<32}{1:>7}", end="")
    files = fetched(BOOK / CHAPTER)
    print(f"{len(files):>7}{sum(map(sent, files)) / 1000:>9.0f}")
    for lang in LANGUAGES:
        pages = sorted((BOOK / "chapters" / lang).glob("*.html"))
        files = set().union(*map(fetched, pages))
        total = sum(map(sent, files)) / 1000
        print(f"{f'the whole book, {lang}':<32}{len(pages):>7}{len(files):>7}{total:>9.0f}")


# Load


async def get(port, path):
    """Fetch one file, again if the server hangs up; return the seconds and the times it did."""
    start, again = time.perf_counter(), 0
    while True:
        try:
            answer = await ask(port, path)
        except ConnectionError:
            again += 1
            continue
        head, _, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if b" 200 " not in head.partition(b"\r\n")[0] or len(body) != int(length[1]):
            raise RuntimeError(f"{path}: {head[:60]!r}, {len(body)} bytes")
        return time.perf_counter() - start, again


async def ask(port, path):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET /{path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        return await reader.read(-1)
    finally:
        writer.close()


async def read_chapter(port, page, rest):
    """As a browser does: the page, then all that it needs, six files at a time."""
    start, places = time.perf_counter(), asyncio.Semaphore(6)

    async def in_turn(path):
        async with places:
            return await get(port, path)

    files = [await get(port, page)]
    files += await asyncio.gather(*(in_turn(path) for path in rest))
    return files, time.perf_counter() - start


async def load(port, readers):
    """Let so many readers open a chapter at the same moment; return times, hang-ups, seconds."""
    names = [path.relative_to(BOOK).as_posix() for path in fetched(BOOK / CHAPTER)]
    rest = sorted(set(names) - {CHAPTER})
    start = time.perf_counter()
    async with asyncio.timeout(300):
        results = await asyncio.gather(*(read_chapter(port, CHAPTER, rest) for _ in range(readers)))
    elapsed = time.perf_counter() - start
    files = [file for files, _ in results for file in files]
    times, again = zip(*files, strict=True)
    return times, [whole for _, whole in results], sum(again), elapsed


@contextlib.contextmanager
def running(command):
    """Run a server until it is done with."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        server.terminate()
        server.wait(20)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def servers(folder):
    """Yield (name, port, command) of the servers at hand."""
    port = free_port()
    yield "Python's http.server", port, [sys.executable, "-c", PYTHON, str(port), str(BOOK)]
    if nginx := shutil.which("nginx") or shutil.which("/usr/sbin/nginx"):
        port, conf = free_port(), Path(folder) / "nginx.conf"
        temporary = " ".join(f"{name}_temp_path {folder};" for name in TEMPORARY)
        conf.write_text(NGINX.format(folder=folder, port=port, book=BOOK, temporary=temporary))
        yield "nginx", port, [nginx, "-c", str(conf), "-e", f"{folder}/error.log"]


def answers(port, seconds=20):
    """Wait until a server answers."""
    for _ in range(seconds * 10):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"no server on port {port}")


def print_load():
    print("\nReaders who open a chapter at the same moment, on the loopback; times in ms")
    columns = ("readers", "files/s", "p95 file", "p95 chapter", "hang-ups")
    print(f"{'':<24}" + "".join(f"{name:>13}" for name in columns))
    with tempfile.TemporaryDirectory() as folder:
        for name, port, command in servers(folder):
            with running(command):
                answers(port)
                for readers in (30, 300):
                    files, chapters, again, elapsed = asyncio.run(load(port, readers))
                    file, chapter = (statistics.quantiles(t, n=20)[-1] for t in (files, chapters))
                    numbers = (readers, len(files) / elapsed, 1000 * file, 1000 * chapter, again)
                    print(f"{name:<24}" + "".join(f"{n:>13.0f}" for n in numbers), flush=True)


# Memory


def kernel_memory(path):
    """Run a chapter; return what its kernel then holds, in MB."""
    manager, client = start_new_kernel(startup_timeout=120)
    try:
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "code":
                client.execute_interactive(cell.source, output_hook=lambda message: None)
        return psutil.Process(manager.provisioner.pid).memory_info().rss / 1e6
    finally:
        manager.shutdown_kernel(now=True)


def lab_memory():
    """Return what a student's JupyterLab holds, in MB, with no kernel."""
    with tempfile.TemporaryDirectory() as folder, start_lab(ROOT, Path(folder)):
        (file,) = Path(folder, "runtime").glob("jpserver-*.json")
        pid = json.loads(file.read_text())["pid"]
        return psutil.Process(pid).memory_info().rss / 1e6


def print_memory():
    print("\nMemory of one student, MB")
    print(f"{'JupyterLab, its server':<32}{lab_memory():>6.0f}")
    for name in ("04_inside_the_cell", "07_keras_by_hand"):
        path = ROOT / "chapters" / "en" / f"{name}.ipynb"
        print(f"{f'kernel, {name}':<32}{kernel_memory(path):>6.0f}", flush=True)


def main():
    if not BOOK.is_dir():
        sys.exit("There is no built book: run make book first.")
    os.chdir(ROOT)
    print_bytes()
    print_load()
    print_memory()


if __name__ == "__main__":
    main()
