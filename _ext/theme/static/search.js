// The search page. SEARCH_INDEX is one language's text, by page and section; the stemmer that was
// loaded before is that language's. A word is looked up without its accents, by its stem, and by
// its beginning: "activacion", "activación", "activaciones" and "activa" all find "activación". A
// word that no page has may be another name of one that is there: "timesteps", "time steps".
{
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) || [];
  const stemmer = typeof SpanishStemmer === "function" ? new SpanishStemmer() : new PorterStemmer();
  const stop = new Set(SEARCH_INDEX.stopWords.map(fold));
  const stems = new Map(); // folded word → folded stem of the word as the book spells it

  const stem = (word) => {
    const folded = fold(word);
    if (!stems.has(folded)) stems.set(folded, fold(stemmer.stemWord(word)));
    return stems.get(folded);
  };

  /** How often a text has each folded word. */
  const count = (text) => {
    const counts = new Map();
    for (const word of words(text)) {
      stem(word);
      const folded = fold(word);
      counts.set(folded, (counts.get(folded) || 0) + 1);
    }
    return counts;
  };

  /** A text as the stems of its words in a row, without the ones that do not count. */
  const row = (text) =>
    ` ${words(text)
      .filter((word) => !stop.has(fold(word)))
      .map(stem)
      .join(" ")} `;

  const sections = SEARCH_INDEX.pages.flatMap(([page, list]) =>
    list.map(([id, title, text], place) => ({
      link: `${page}.html${place ? "#" + id : ""}`,
      page: place ? list[0][1] : "",
      title,
      text,
      titleWords: count(title),
      textWords: count(text),
      rows: [title, text].map(row),
    })),
  );

  /** Whether two words of one stem mean one thing: "gate", "gates", but not "states", "stateful". */
  const close = (one, other) => /(ful|less)$/.test(one) === /(ful|less)$/.test(other);

  /** 9 for the word itself, 6 for another form of it, less for a word of its family, 0 for none. */
  const likeness = (folded, term) =>
    folded === term.folded ? 9
    : stems.get(folded) === term.stem ? (close(folded, term.folded) ? 6 : 0.3)
    : term.folded.length > 2 && folded.startsWith(term.folded) ? 1
    : 0;

  const PHRASE = 200; // for the words of a query in a row: more than one of them in a title

  const score = (section, term) => {
    let sum = 0;
    for (const [word] of section.titleWords) sum += 20 * likeness(word, term);
    for (const [word, times] of section.textWords)
      sum += likeness(word, term) * (1 + Math.log(times));
    return sum;
  };

  /** Sections with every term of the query, best first; failing that, with some of them. */
  const search = (query) => {
    const named = (word) => (stems.has(fold(word)) ? word : (SEARCH_INDEX.synonyms[fold(word)] ?? word));
    const all = words(words(query).map(named).join(" "));
    const meant = all.filter((word) => !stop.has(fold(word)));
    const terms = (meant.length ? meant : all).map((word) => ({ folded: fold(word), stem: stem(word) }));
    const phrase = ` ${terms.map((term) => term.stem).join(" ")} `;
    const found = sections
      .map((section) => {
        const scores = terms.map((term) => score(section, term));
        const [inTitle, inText] = section.rows.map((words) => words.includes(phrase));
        if (terms.length > 1) scores.push(inTitle ? 3 * PHRASE : inText ? PHRASE : 0);
        return {
          section,
          hits: scores.slice(0, terms.length).filter(Boolean).length,
          score: scores.reduce((sum, one) => sum + one, 0),
        };
      })
      .filter(({ hits }) => hits)
      .sort((a, b) => b.hits - a.hits || b.score - a.score);
    const whole = found.filter(({ hits }) => hits === terms.length);
    return { terms, results: whole.length ? whole : found, partly: !whole.length && found.length > 0 };
  };

  /** A line of the section around the first term, with the terms marked. */
  const snippet = (text, terms) => {
    const line = document.createElement("p");
    const matches = [...text.matchAll(/[\p{L}\p{N}_]+/gu)].filter(([word]) =>
      terms.some((term) => likeness(fold(word), term)),
    );
    const middle = matches.length ? matches[0].index : 0;
    const start = middle < 80 ? 0 : text.indexOf(" ", middle - 80) + 1;
    const end = text.length < start + 220 ? text.length : text.lastIndexOf(" ", start + 220);
    let at = start;
    line.append(start ? "… " : "");
    for (const match of matches) {
      if (match.index < at || match.index + match[0].length > end) continue;
      const mark = document.createElement("mark");
      mark.textContent = match[0];
      line.append(text.slice(at, match.index), mark);
      at = match.index + match[0].length;
    }
    line.append(text.slice(at, end), end < text.length ? " …" : "");
    return line;
  };

  const status = document.querySelector("#search-status");
  const list = document.querySelector("#search-results");
  const field = document.querySelector("article input[name=q]");

  const show = () => {
    const query = field.value.trim();
    const { terms, results, partly } = query ? search(query) : { terms: [], results: [] };
    const { none, one, many, partly: some } = status.dataset;
    const message = partly ? some : results.length === 0 ? none : results.length === 1 ? one : many;
    status.textContent = query
      ? message.replace("{query}", () => query).replace("{count}", results.length)
      : "";
    list.replaceChildren(
      ...results.slice(0, 50).map(({ section }) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = section.link;
        link.textContent = section.title;
        item.append(link);
        if (section.page) {
          const page = document.createElement("span");
          page.textContent = section.page;
          item.append(page);
        }
        item.append(snippet(section.text, terms));
        return item;
      }),
    );
  };

  field.value = new URLSearchParams(location.search).get("q") || "";
  field.focus();
  field.addEventListener("input", () => {
    const query = field.value.trim();
    history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
    show();
  });
  field.form.addEventListener("submit", (event) => event.preventDefault());
  show();
}
