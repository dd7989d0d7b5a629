// Small behaviours of every page, asked for by data attributes: no script stands in the pages themselves.
"use strict";

(function () {
  // data-submit-on-change: a filter form is sent when a choice is made.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });

  // A list that is asked for anew (filter, order, another page) says that it is on its way until it is there.
  const loads = (list, on) => {
    list.setAttribute("aria-busy", String(on));
    for (const word of list.querySelectorAll(".loading")) word.hidden = !on;
  };
  document.addEventListener("submit", (event) => {
    const list = event.target.matches(".filter-bar") && event.target.closest(".list-panel");
    if (list) loads(list, true);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".list-panel thead a[href], .list-panel .pagination a[href]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) loads(link.closest(".list-panel"), true);
  });
  window.addEventListener("pageshow", () => {
    for (const list of document.querySelectorAll(".list-panel[aria-busy]")) loads(list, false);
  });

  // data-open: a link to a folded part unfolds it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-open]");
    const target = link && document.getElementById(link.dataset.open);
    if (target) target.open = true;
  });

  // What a part of the page asked for in the background failed: say so. A session that ended leads to the sign-in page.
  document.addEventListener("htmx:responseError", () => fail());
  document.addEventListener("htmx:sendError", () => fail());
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (new URL(event.detail.xhr.responseURL).pathname.startsWith("/accounts/login/")) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });
  function fail() {
    const alert = document.createElement("div");
    alert.className = "notice notice-error";
    alert.setAttribute("role", "alert");
    alert.textContent = document.body.dataset.failed;
    document.getElementById("messages").replaceChildren(alert);
    alert.scrollIntoView();
  }

  // On paper what explains is unfolded; afterwards what was folded is folded again. `data-print-folded` stays as it is.
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = Array.from(document.querySelectorAll("main details:not([open]):not([data-print-folded])"));
    for (const part of unfolded) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of unfolded) part.open = false;
  });

  // data-dialog="ID" opens the dialog; data-dialog-close, Esc and a click beside it close it. The browser moves the focus.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    const dialog = event.target.closest("dialog");
    if (dialog && (event.target === dialog || event.target.closest("[data-dialog-close]"))) dialog.close();
  });
  // A form that answers with a file leaves its page standing: its dialog has done its work.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("dialog [data-download]")) event.target.closest("dialog").close();
  });

  // data-requires="ID": what is ticked makes another field required.
  document.addEventListener("change", (event) => {
    const needed = event.target.dataset.requires;
    if (needed) document.getElementById(needed).required = event.target.checked;
  });

  // A word of the glossary: its note stands below the word, above it near the bottom; Esc closes it (it is shown by CSS).
  const beside = (event) => {
    const term = event.target.closest && event.target.closest(".term");
    if (!term || term.contains(event.relatedTarget)) return;
    const word = term.firstElementChild.getBoundingClientRect();
    const note = term.lastElementChild;
    note.style.left = Math.max(16, Math.min(word.left, document.documentElement.clientWidth - note.offsetWidth - 16)) + "px";
    const below = word.bottom + note.offsetHeight < window.innerHeight;
    note.style.top = (below ? word.bottom : word.top - note.offsetHeight) + "px";
  };
  document.addEventListener("mouseover", beside);
  document.addEventListener("focusin", beside);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const term of document.querySelectorAll(".term:hover, .term:focus-within")) term.classList.add("term-closed");
  });
  for (const left of ["mouseout", "focusout"]) {
    document.addEventListener(left, (event) => {
      const term = event.target.closest && event.target.closest(".term-closed");
      if (term && !term.contains(event.relatedTarget)) term.classList.remove("term-closed");
    });
  }

  // data-print: print this page.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
