// Progressive enhancement: every page works without it. Keeps parts marked data-live fresh, and selects rows in bulk.
"use strict";

(() => {
  const PERIOD_MS = 10000, SLOWEST_MS = 120000;
  let tag = null, wait = PERIOD_MS;

  // Somebody is at it: the cursor, a choice or an opened detail is in there.
  const typed = (part) => [...part.querySelectorAll("input, textarea")].some((field) => field.value !== field.defaultValue);
  const busy = (part) => part.contains(document.activeElement) || part.querySelector("input:checked, details[open]") !== null || typed(part);

  function renew(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(part.id);
      if (!fresh || busy(part) || part.innerHTML === fresh.innerHTML) continue;
      part.replaceWith(document.importNode(fresh, true));
      document.getElementById(part.id)?.classList.add("fresh");
    }
    const now = page.querySelector("footer time");
    if (now) document.querySelector("footer time")?.replaceWith(document.importNode(now, true));
  }

  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: tag ? { "if-none-match": tag } : {}, credentials: "same-origin", cache: "no-store" });
      if (answer.redirected || answer.status === 401) { location.reload(); return; }
      if (answer.ok) { tag = answer.headers.get("etag"); renew(await answer.text()); }
      wait = answer.ok || answer.status === 304 ? PERIOD_MS : Math.min(wait * 2, SLOWEST_MS);
    } catch {
      wait = Math.min(wait * 2, SLOWEST_MS);
    }
    document.documentElement.toggleAttribute("data-stale", wait > PERIOD_MS);
  }

  function keepFresh() {
    setTimeout(async () => { await look(); keepFresh(); }, wait);
  }

  // Of all boxes of a name in its card: the one with data-all checks them; data-chosen says how many are in all cards.
  function selectAll() {
    const boxes = (part, name) => [...part.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"]`)];
    document.addEventListener("change", ({ target }) => {
      const part = target.closest(".card") ?? document, name = target.dataset.all ?? (target.name || "-");
      const all = part.querySelector(`input[data-all="${CSS.escape(name)}"]`);
      if (!all) return;
      const mine = boxes(part, name);
      if (target === all) for (const box of mine) box.checked = all.checked;
      const chosen = mine.filter((box) => box.checked).length;
      all.checked = chosen > 0 && chosen === mine.length;
      all.indeterminate = chosen > 0 && !all.checked;
      const everywhere = boxes(document, name).filter((box) => box.checked).length;
      for (const shown of document.querySelectorAll("[data-chosen]")) shown.textContent = everywhere || "";
    });
  }

  // A number to the clipboard, where the browser lets a page reach it (https, or this machine).
  function copies() {
    document.addEventListener("click", async ({ target }) => {
      const button = target.closest("[data-copy]");
      if (!button) return;
      await navigator.clipboard.writeText(button.dataset.copy);
      button.classList.add("copied");
      setTimeout(() => button.classList.remove("copied"), 1500);
    });
  }

  function shortcuts() {
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
      const search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    });
    for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
    for (const menu of document.querySelectorAll("details.settings")) {
      menu.addEventListener("keydown", (event) => { if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); } });
      document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    }
  }

  // A filter that asks for nothing does not stand in the URL.
  for (const form of document.querySelectorAll("form.filters")) {
    form.addEventListener("submit", () => { for (const field of form.elements) if (field.name && !field.value) field.disabled = true; });
  }
  addEventListener("pageshow", () => { for (const field of document.querySelectorAll("form.filters [disabled]")) field.disabled = false; });

  if (document.querySelector("[data-live]")) keepFresh();
  document.addEventListener("visibilitychange", () => { if (!document.hidden && document.querySelector("[data-live]")) look(); });
  document.documentElement.classList.add("with-script");
  document.documentElement.classList.toggle("with-clipboard", Boolean(navigator.clipboard));
  selectAll();
  copies();
  shortcuts();
})();
