/** What a page can do besides being read: sort the table, and show one profile in all charts. Without it all is there. */
(() => {
  const marked = [...document.querySelectorAll(".p")];
  let chosen;

  function show(id) {
    for (const element of marked) {
      element.classList.toggle("dimmed", id !== undefined && !element.classList.contains(id));
    }
  }

  const idOf = (target) => [...(target.closest?.(".p")?.classList ?? [])].find((name) => /^p\d+$/.test(name));

  document.addEventListener("pointerover", ({ target }) => show(idOf(target) ?? chosen));
  document.addEventListener("pointerout", () => show(chosen));

  for (const button of document.querySelectorAll("button.name")) {
    button.addEventListener("click", () => {
      chosen = chosen === button.dataset.p ? undefined : button.dataset.p;
      for (const other of document.querySelectorAll("button.name")) {
        other.setAttribute("aria-pressed", String(other.dataset.p === chosen));
      }
      show(chosen);
    });
  }

  document.querySelectorAll("button.sort").forEach((button, column) => {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const rising = head.getAttribute("aria-sort") !== "ascending";
      for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", rising ? "ascending" : "descending");
      const body = head.closest("table").tBodies[0];
      // What has no value stands last.
      const value = (row) => row.children[column].dataset.value ?? Infinity;
      const compare = (a, b) =>
        head.classList.contains("number") || column === head.parentElement.children.length - 1
          ? Number(value(a)) - Number(value(b))
          : value(a).localeCompare(value(b));
      const rows = [...body.rows].sort((a, b) => compare(a, b) * (rising ? 1 : -1));
      body.append(...rows);
    });
  });
})();
