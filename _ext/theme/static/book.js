// What a page does beside being read. Without this script everything is still there: the switch
// leads to the twin page, colours follow the system, the menu opens.
{
  const { documentElement: root } = document;

  // The language switch leads to the twin of the section being read. Twins have the same sections
  // in the same order, so the n-th one here is the n-th one there.
  const link = document.querySelector(".language-switch");
  const sections = [...document.querySelectorAll("article section[id]")];
  const twins = link ? link.dataset.sections.split(" ") : [];
  const page = link && link.getAttribute("href");

  /** Where the reader is: the section last jumped to while it shows, else the one a third down. */
  const sectionBeingRead = () => {
    const named = sections.findIndex((section) => "#" + section.id === location.hash);
    if (named > 0) {
      const { top, bottom } = sections[named].getBoundingClientRect();
      if (top >= 0 && top < innerHeight && bottom > 0) return named;
    }
    return sections.findLastIndex(
      (section) => section.getBoundingClientRect().top < innerHeight / 3,
    );
  };

  const aim = () => {
    const index = sectionBeingRead();
    link.href = index > 0 && twins[index] ? `${page}#${twins[index]}` : page;
  };

  if (link) for (const event of ["pointerdown", "focus", "mouseenter", "click"])
    link.addEventListener(event, aim);

  // The list of sections shows the one being read.
  const entries = [...document.querySelectorAll(".contents a")];
  let waiting = false;

  const showWhere = () => {
    waiting = false;
    const read = sections.findLast(
      (section) => section.getBoundingClientRect().top < innerHeight / 3
        && entries.some((entry) => entry.hash === "#" + section.id),
    );
    for (const entry of entries)
      if (read && entry.hash === "#" + read.id) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
  };

  const showSoon = () => {
    if (!waiting) requestAnimationFrame(showWhere);
    waiting = true;
  };

  if (entries.length) {
    addEventListener("scroll", showSoon, { passive: true });
    showSoon();
  }

  // Colours: as the system, light, dark.
  const mode = document.querySelector(".mode");
  const system = matchMedia("(prefers-color-scheme: dark)");

  const paint = () => {
    const chosen = root.dataset.mode;
    root.dataset.theme = chosen !== "auto" ? chosen : system.matches ? "dark" : "light";
    mode.setAttribute("aria-label", mode.dataset[chosen]);
    mode.title = mode.dataset[chosen];
  };

  system.addEventListener("change", paint);
  mode.addEventListener("click", () => {
    const modes = ["auto", "light", "dark"];
    root.dataset.mode = modes[(modes.indexOf(root.dataset.mode) + 1) % modes.length];
    try {
      localStorage.setItem("mode", root.dataset.mode);
    } catch { /* chosen for this page alone */ }
    paint();
  });
  paint();

  // What is typed can be copied. Where the browser allows it not (http, not this machine), no button.
  const { copy, copied } = document.querySelector("article").dataset;

  for (const block of navigator.clipboard
    ? document.querySelectorAll("article :not(.output) > .highlight") : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("pre").textContent.trimEnd());
      button.textContent = copied;
      setTimeout(() => (button.textContent = copy), 1500);
    });
    block.append(button);
  }

  // The menu closes as menus do; Ctrl+K searches.
  const menu = document.querySelector(".menu");
  const field = document.querySelector(".masthead input[name=q]");

  document.addEventListener("click", (event) => {
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && field) {
      event.preventDefault();
      if (field.checkVisibility()) field.focus();
      else field.form.submit(); // to the page where one searches
    }
  });
}
