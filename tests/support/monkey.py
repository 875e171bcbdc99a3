"""A reader who does anything at all with an explorer: seeded, fast, in the browser itself.

The explorer is mounted as in Jupyter, on a model of our own; another language is another script.
"""

import http.server
import json

from lstm_edu.figures.base import built, module

PAGE = """<!doctype html><html lang="es" data-theme="light"><head><meta charset="utf-8">
<title>Monkey</title><link rel="icon" href="data:,"></head>
<body style="margin:8px"><main id="host" style="width:900px"></main></body></html>"""

MOUNT = """async (state) => {
  const listeners = new Map();
  window.model = {
    state,
    get: (key) => state[key],
    set(key, value) {
      state[key] = value;
      for (const heard of listeners.get(`change:${key}`) ?? []) heard();
    },
    save_changes() {},
    on: (event, heard) => listeners.set(event, [...(listeners.get(event) ?? []), heard]),
    off: (event, heard) =>
      listeners.set(event, (listeners.get(event) ?? []).filter((one) => one !== heard)),
  };
  window.speak = async (lang) => {
    const { default: { render } } = await import(`./${state.kind}.${lang}.mjs`);
    window.unmount?.();
    state.lang = lang;
    window.unmount = render({ model: window.model, el: document.getElementById("host") });
  };
  await window.speak(state.lang);
}"""

PLAY = """async ({ operations, seed }) => {
  let a = seed >>> 0;
  const random = () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const one = (items) => items[Math.floor(random() * items.length)];
  const host = document.getElementById("host");
  const all = (selector) => [...host.querySelectorAll(selector)]
    .filter((node) => !node.closest("[hidden]"));
  const fire = (node, ...types) => {
    for (const type of types) node.dispatchEvent(new Event(type, { bubbles: true }));
  };
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const texts = ["", "abc", "0,75", "1.234,5", "1e400", "-2000000", "0", "1e-9", "-3.5", "7",
    "0.25", "1e6", "-1e6"];
  const acts = {
    slider() {
      const node = one(all('input[type="range"]'));
      if (!node) return;
      for (let k = 0; k < 3; k++) {
        node.value = String(Number(node.min) + random() * (Number(node.max) - Number(node.min)));
        fire(node, "input");
      }
      fire(node, "change");
    },
    field() {
      const node = one(all('input[data-role="field"]'));
      if (!node) return;
      node.focus();
      node.value = random() < 0.5 ? one(texts) : (random() * 8 - 4).toFixed(3);
      fire(node, "input", "change");
      node.blur();
    },
    list() {
      const node = one(all("select"));
      if (!node) return;
      const option = one([...node.options].filter(({ hidden }) => !hidden));
      node.value = option.value;
      if (node.value !== "" || node.dataset.role !== "preset") fire(node, "input", "change");
    },
    tick() {
      one(all('input[type="radio"], input[type="checkbox"]'))?.click();
    },
    press() {
      const node = one(all(".lstm-x-quantity, input, select, [tabindex]"));
      if (!node) return;
      node.focus?.();
      const key = one(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "Escape",
        "Enter", " ", "PageUp", "PageDown"]);
      node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    },
    button() {
      one(all("button, summary"))?.click();
    },
    point() {
      const node = one(all("svg, canvas, .lstm-x-quantity, .lstm-x-stage"));
      if (!node) return;
      const box = node.getBoundingClientRect();
      const at = {
        bubbles: true, cancelable: true, pointerId: 1, pointerType: one(["mouse", "touch", "pen"]),
        clientX: box.x + random() * box.width, clientY: box.y + random() * box.height,
        buttons: 1, isPrimary: true,
      };
      for (const type of ["pointerover", "pointerdown", "pointermove", "pointerup"])
        node.dispatchEvent(new PointerEvent(type, at));
      node.dispatchEvent(new MouseEvent("click", at));
    },
    size() {
      host.style.width = `${one([300, 344, 374, 500, 641, 700, 900, 1200])}px`;
    },
    theme() {
      document.documentElement.dataset.theme = one(["light", "dark"]);
    },
    language() {
      return window.speak(one(["es", "en"]));
    },
  };
  const often = ["slider", "slider", "slider", "field", "list", "tick", "press", "press", "button",
    "point", "point"];
  const seldom = ["size", "theme", "language"];
  const problems = [];
  for (let k = 0; k < operations; k++) {
    const act = random() < 0.06 ? one(seldom) : one(often);
    try {
      await acts[act]();
    } catch (error) {
      problems.push(`${k} ${act}: ${error}`);
    }
    if (k % 4 === 0) await frame();
    if (k % 40 === 0) {
      const words = host.textContent.match(/.{0,40}(NaN|undefined|Infinity|\\[object).{0,20}/);
      const bad = [...host.querySelectorAll("[d], [transform], [x], [y], [height], [width]")]
        .find(({ attributes }) => /NaN|Infinity|undefined/.test([...attributes].map(
          ({ value }) => value).join(" ")));
      if (words) problems.push(`${k} after ${act}: ${words[0]}`);
      if (bad) problems.push(`${k} after ${act}: ${bad.outerHTML.slice(0, 200)}`);
      if (!host.querySelector(".lstm-x-body")?.childElementCount) problems.push(`${k}: empty`);
      if (problems.length > 5) break;
    }
  }
  return problems;
}"""


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves the figures' modules, `cell.es.mjs` and kin, and, as its start, the monkey's page."""

    def do_GET(self):
        script = self.path.endswith(".mjs")
        body = module(*self.path.strip("/").split(".")[:2]) if script else PAGE
        self.send_response(200)
        self.send_header(
            "Content-Type", f"text/{'javascript' if script else 'html'}; charset=utf-8"
        )
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        pass


def mount(page, address, explorer):
    """Open the monkey's page with an explorer on it."""
    page.goto(address)
    page.add_style_tag(content=built("palette.css", "kit.css", f"{explorer.kind}.css"))
    page.evaluate(MOUNT, json.loads(json.dumps(explorer.state)))
    page.locator(".lstm-explorer").wait_for()


def play(page, operations, seed):
    """Do so many things at random; return what went wrong, in words."""
    return page.evaluate(PLAY, {"operations": operations, "seed": seed})


def memory(page, session):
    """Return what is left in memory once all is as at first: bytes, nodes, listeners."""
    for lang in ("en", "es"):  # both times with the same last rebuild behind it
        page.evaluate("lang => window.speak(lang)", lang)
        page.wait_for_timeout(100)
    page.locator('[data-role="reset"]', has_text="Restablecer").click(force=True)
    page.wait_for_timeout(200)
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
        page.wait_for_timeout(50)
    counters = session.send("Memory.getDOMCounters")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    return heap, counters["nodes"], counters["jsEventListeners"]
