// Filters documents, steps from error to error, and lights up both sides of the one in the address. Adds no content.
(() => {
  const light = () => {
    document.querySelectorAll(".lit").forEach((e) => e.classList.remove("lit"));
    const name = decodeURIComponent(location.hash.slice(1));
    if (!name) return;
    document.querySelectorAll(`[data-error="${CSS.escape(name)}"]`).forEach((e) => e.classList.add("lit"));
    const place = document.getElementById(name);
    for (let e = place; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    if (place) place.scrollIntoView({ block: "center" });
  };
  addEventListener("hashchange", light);

  for (const form of document.querySelectorAll(".controls")) {
    form.hidden = false;
    const docs = [...form.parentElement.querySelectorAll("details.doc")];
    const out = form.querySelector("output");
    let at = -1;
    const errors = () => docs.filter((d) => !d.hidden).flatMap((d) => [...d.querySelectorAll("bdi[id]")])
      .filter((e) => !form.kind.value || form.kind.value === "any" || e.classList.contains(form.kind.value));
    const filter = () => {
      const kind = form.kind.value, find = form.find.value.trim();
      for (const d of docs) {
        const kinds = d.dataset.kinds;
        d.hidden = (kind === "any" && !kinds) || (kind && kind !== "any" && !kinds.split(" ").includes(kind)) ||
          (find && !d.textContent.includes(find));
      }
      at = -1;
      out.textContent = `${docs.filter((d) => !d.hidden).length} documents, ${errors().length} errors`;
    };
    const step = (by) => {
      const found = errors();
      if (!found.length) return;
      at = (at + by + found.length) % found.length;
      if (at < 0) at = found.length - 1;
      location.hash = found[at].id;
      out.textContent = `error ${at + 1} of ${found.length}`;
    };
    form.addEventListener("input", filter);
    form.addEventListener("submit", (e) => e.preventDefault());
    form.previous.addEventListener("click", () => step(-1));
    form.next.addEventListener("click", () => step(1));
    addEventListener("keydown", (e) => {
      if (e.target.closest("input, select, textarea") || e.ctrlKey || e.metaKey || e.altKey) return;
      if (document.querySelector(".controls") !== form) return;
      if (e.key === "j") step(1);
      if (e.key === "k") step(-1);
    });
    filter();
  }
  light();
})();
