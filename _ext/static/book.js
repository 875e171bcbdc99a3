// The language switch leads to the twin of the section being read. Twins have the same sections
// in the same order, so the n-th one here is the n-th one there. Without this script the link
// leads to the twin page.
{
  const link = document.querySelector(".language-switch");
  const sections = [...document.querySelectorAll("article.bd-article section[id]")];
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
}
